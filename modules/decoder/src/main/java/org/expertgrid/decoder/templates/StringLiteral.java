package org.expertgrid.decoder.templates;

/**
 * A string in quotes.
 *
 * @param text its characters, escapes replaced as Python replaces them
 * @param end the index after the closing quote
 */
record StringLiteral(String text, int end) {
    private static final String ESCAPES = "ntrbfva0\\'\"";
    private static final String MEANINGS = "\n\t\r\b\f\u000b\u0007\0\\'\"";

    /** Returns the string that begins at this index, with the kind of quote that stands there. */
    static StringLiteral read(String source, int begin, int line) {
        char quote = source.charAt(begin);
        StringBuilder text = new StringBuilder();
        int i = begin + 1;
        while (i < source.length() && source.charAt(i) != quote) {
            if (source.charAt(i) == '\\' && i + 1 < source.length()) {
                i = readEscape(source, i + 1, text, line);
            } else {
                text.append(source.charAt(i++));
            }
        }
        if (i >= source.length()) {
            throw TemplateException.at(line, "a string that does not end (expected: " + quote + ")");
        }
        return new StringLiteral(text.toString(), i + 1);
    }

    private static int readEscape(String source, int at, StringBuilder text, int line) {
        char kind = source.charAt(at);
        int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
        if (digits > 0) {
            text.appendCodePoint(codePoint(source, at + 1, digits, line));
            return at + 1 + digits;
        }
        int known = ESCAPES.indexOf(kind);
        if (known >= 0) {
            text.append(MEANINGS.charAt(known));
        } else if (kind != '\n') {
            text.append('\\').append(kind);
        }
        return at + 1;
    }

    private static int codePoint(String source, int at, int digits, int line) {
        String hex = source.substring(at, Math.min(at + digits, source.length()));
        if (!hex.matches("[0-9a-fA-F]{" + digits + "}") || Long.parseLong(hex, 16) > Character.MAX_CODE_POINT) {
            throw TemplateException.at(line, "escape '" + hex + "' (expected: " + digits + " hexadecimal digits)");
        }
        return Integer.parseInt(hex, 16);
    }
}
