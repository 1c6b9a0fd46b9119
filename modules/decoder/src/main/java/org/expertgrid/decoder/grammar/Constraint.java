package org.expertgrid.decoder.grammar;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.expertgrid.decoder.tokens.Vocabulary;

/**
 * Restricts one text to a grammar: it says which tokens may come next, and is given the one that was chosen. When the text is complete, the tokens that end it may come;
 * when nothing else may, they alone. For one thread.
 */
public final class Constraint {
    private static final int MOST_REMEMBERED = 64;

    private final Vocabulary vocabulary;
    private final TokenTable table;
    private final Map<States.State, BitSet> remembered = new HashMap<>();
    private States.State state;

    /**
     * Begins a text.
     *
     * @param table the table of that vocabulary
     */
    public Constraint(JsonGrammar grammar, Vocabulary vocabulary, TokenTable table) {
        this.vocabulary = vocabulary;
        this.table = table;
        this.state = new States().start(grammar.root());
    }

    /** Returns a copy of the set of tokens that may come next. It is empty only if the vocabulary has no token that goes on. */
    public BitSet allowed() {
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        return (BitSet) remembered.computeIfAbsent(state, table::allowed).clone();
    }

    /**
     * Takes the token that comes next; one that ends the text changes nothing.
     *
     * @throws IllegalArgumentException if it may not come
     */
    public void add(int id) {
        States.State next = state;
        byte[] bytes = table.isEnd(id) ? new byte[0] : vocabulary.bytes(id);
        boolean fits = table.isEnd(id) ? state.isComplete() : bytes.length > 0 && !vocabulary.isSpecial(id);
        for (int i = 0; i < bytes.length && fits; i++) {
            next = next.after(bytes[i]);
            fits = next != null;
        }
        if (!fits) {
            throw new IllegalArgumentException("id: " + id + " (expected: one of the tokens that may come next)");
        }
        state = next;
    }

    /** Tells whether the text may end here. */
    public boolean isComplete() {
        return state.isComplete();
    }
}
