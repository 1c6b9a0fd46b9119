package org.expertgrid.decoder.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A part of a grammar. Two symbols are equal only if they are the same object. */
abstract sealed class Symbol {

    /** One byte out of a set. */
    static final class Bytes extends Symbol {
        private final BitSet set;

        private Bytes(BitSet set) {
            this.set = set;
        }

        boolean contains(int value) {
            return set.get(value);
        }
    }

    /** A symbol that stands for one of several sequences of symbols. They are added while the grammar is made, and never later. */
    static final class Rule extends Symbol {
        private final List<List<Symbol>> alternatives = new ArrayList<>();

        /** Adds a sequence; an empty one stands for nothing. Returns this rule. */
        Rule or(Symbol... sequence) {
            alternatives.add(List.of(sequence));
            return this;
        }

        List<List<Symbol>> alternatives() {
            return alternatives;
        }
    }

    /** Returns any byte from the first to the last. */
    static Bytes range(int first, int last) {
        BitSet set = new BitSet();
        set.set(first, last + 1);
        return new Bytes(set);
    }

    /** Returns any of these ASCII characters. */
    static Bytes any(String characters) {
        BitSet set = new BitSet();
        characters.chars().forEach(set::set);
        return new Bytes(set);
    }

    /** Returns exactly this text. */
    static Rule text(String text) {
        List<Symbol> sequence = new ArrayList<>();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            sequence.add(range(value & 0xff, value & 0xff));
        }
        return new Rule().or(sequence.toArray(Symbol[]::new));
    }

    /** Returns the symbol or nothing. */
    static Rule optional(Symbol symbol) {
        return new Rule().or(symbol).or();
    }

    /** Returns the symbol so many times at least and at most. */
    static Rule repeated(Symbol symbol, int least, int most) {
        Rule rest = new Rule().or();
        for (int i = most; i > 0; i--) {
            Rule longer = new Rule().or(symbol, rest);
            rest = i > least ? longer.or() : longer;
        }
        return rest;
    }

    /** Returns the symbol any number of times. */
    static Rule repeated(Symbol symbol) {
        Rule rule = new Rule();
        return rule.or(symbol, rule).or();
    }
}
