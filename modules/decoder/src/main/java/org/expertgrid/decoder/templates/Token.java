package org.expertgrid.decoder.templates;

/**
 * A piece of a template's source.
 *
 * @param text what it says: of a text or a string, the characters without quotes and escapes
 */
record Token(Kind kind, String text, int line) {
    enum Kind {
        /** Text outside of all braces. */
        TEXT,
        /** The opening of <code>{{ ... }}</code>. */
        OUTPUT_BEGIN,
        OUTPUT_END,
        /** The opening of <code>{% ... %}</code>. */
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        /** The end of the template. */
        END
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }

    @Override
    public String toString() {
        return kind == Kind.END ? "the end of the template" : "'" + text + "'";
    }
}
