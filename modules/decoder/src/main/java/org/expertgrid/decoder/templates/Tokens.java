package org.expertgrid.decoder.templates;

import java.util.List;
import org.expertgrid.decoder.templates.Token.Kind;

/** Where a parser is in a template's tokens. For one thread. */
final class Tokens {
    private static final int DEEPEST = 60;

    private final List<Token> tokens;
    private int next;
    private int depth;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(next);
    }

    /** Returns the token after the current one. */
    Token following() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    int line() {
        return current().line();
    }

    Token take() {
        Token token = current();
        next = Math.min(next + 1, tokens.size() - 1);
        return token;
    }

    Token take(Kind kind, String expected) {
        if (current().kind() != kind) {
            throw unexpected(expected);
        }
        return take();
    }

    boolean isOperator(String text) {
        return current().is(Kind.OPERATOR, text);
    }

    boolean isName(String text) {
        return current().is(Kind.NAME, text);
    }

    boolean skipOperator(String text) {
        return skip(Kind.OPERATOR, text);
    }

    boolean skipName(String text) {
        return skip(Kind.NAME, text);
    }

    private boolean skip(Kind kind, String text) {
        boolean is = current().is(kind, text);
        if (is) {
            take();
        }
        return is;
    }

    void expectOperator(String text) {
        if (!skipOperator(text)) {
            throw unexpected("'" + text + "'");
        }
    }

    void expectName(String text) {
        if (!skipName(text)) {
            throw unexpected("'" + text + "'");
        }
    }

    /** Goes one level deeper, into a block or an expression in brackets; {@link #leave} goes back. */
    void enter() {
        if (++depth > DEEPEST) {
            throw TemplateException.at(line(), "nested deeper than " + DEEPEST + " levels (expected: at most that)");
        }
    }

    void leave() {
        depth--;
    }

    TemplateException unexpected(String expected) {
        return TemplateException.at(line(), current() + " (expected: " + expected + ")");
    }
}
