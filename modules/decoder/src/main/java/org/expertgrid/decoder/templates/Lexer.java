package org.expertgrid.decoder.templates;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.expertgrid.decoder.templates.Token.Kind;

/**
 * Cuts a template's source into tokens, as jinja2 does with {@code trim_blocks} and {@code lstrip_blocks}: a block or comment takes the blanks
 * before it on its line, and the line break after it, with it. For one thread.
 */
final class Lexer {
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(?:-%}\\s*|%})");
    private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(?:\\+%}|-%}\\s*|%}\\n?)");
    private static final Pattern COMMENT_END = Pattern.compile("\\+#}|-#}\\s*|#}\\n?");
    private static final Pattern BLOCK_END = Pattern.compile("\\+%}|-%}\\s*|%}\\n?");
    private static final Pattern OUTPUT_END = Pattern.compile("-}}\\s*|}}");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern FLOAT =
            Pattern.compile("\\d+(?:_\\d+)*(?:(?:\\.\\d+(?:_\\d+)*)?[eE][-+]?\\d+|\\.\\d+(?:_\\d+)*)");
    private static final Pattern INTEGER =
            Pattern.compile("0[bB][01_]+|0[oO][0-7_]+|0[xX][0-9a-fA-F_]+|\\d+(?:_\\d+)*");
    private static final Pattern OPERATOR = Pattern.compile("\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=.:|,;()\\[\\]{}]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    /** Whether what comes next stands at the beginning of a line, white space aside. */
    private boolean lineStarts = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.readAll();
        return lexer.tokens;
    }

    private void readAll() {
        while (at < source.length()) {
            int brace = nextOpening();
            String text = source.substring(at, brace);
            if (brace == source.length()) {
                addText(text);
                at = brace;
                break;
            }
            char kind = source.charAt(brace + 1);
            char sign = brace + 2 < source.length() ? source.charAt(brace + 2) : ' ';
            String kept = kept(text, sign, kind != '{');
            addText(kept);
            moveTo(brace);
            if (kind == '#') {
                readComment();
            } else if (kind == '%' && at(RAW).lookingAt()) {
                readRaw();
            } else {
                readCode(kind == '{', sign == '-' || sign == '+' && kind == '%');
            }
        }
        tokens.add(new Token(Kind.END, "", line));
    }

    private int nextOpening() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return source.length();
    }

    /** Returns what is left of the text before a tag that begins with this sign. */
    private String kept(String text, char sign, boolean stripsItsLine) {
        if (sign == '-') {
            return text.stripTrailing();
        }
        if (sign == '+' || !stripsItsLine) {
            return text;
        }
        int lastLine = text.lastIndexOf('\n') + 1;
        boolean alone = (lastLine > 0 || lineStarts) && text.substring(lastLine).isBlank();
        return alone ? text.substring(0, lastLine) : text;
    }

    private void addText(String text) {
        if (!text.isEmpty()) {
            tokens.add(new Token(Kind.TEXT, text, line));
        }
    }

    private Matcher at(Pattern pattern) {
        return pattern.matcher(source).region(at, source.length());
    }

    private void moveTo(int end) {
        for (int i = at; i < end; i++) {
            line += source.charAt(i) == '\n' ? 1 : 0;
        }
        lineStarts = end > at ? source.charAt(end - 1) == '\n' : lineStarts;
        at = end;
    }

    private void readComment() {
        Matcher end = at(COMMENT_END);
        end.region(at + 2, source.length());
        if (!end.find()) {
            throw TemplateException.at(line, "a comment that does not end (expected: '#}')");
        }
        moveTo(end.end());
    }

    private void readRaw() {
        Matcher begin = at(RAW);
        begin.lookingAt();
        moveTo(begin.end());
        Matcher end = at(RAW_END);
        if (!end.find()) {
            throw TemplateException.at(line, "a raw block that does not end (expected: '{% endraw %}')");
        }
        char sign = end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0);
        addText(kept(source.substring(at, end.start()), sign, true));
        moveTo(end.end());
    }

    private void readCode(boolean output, boolean signed) {
        tokens.add(new Token(output ? Kind.OUTPUT_BEGIN : Kind.BLOCK_BEGIN, output ? "{{" : "{%", line));
        moveTo(at + (signed ? 3 : 2));
        Pattern ending = output ? OUTPUT_END : BLOCK_END;
        Deque<Character> open = new ArrayDeque<>();
        while (at < source.length()) {
            Matcher end = at(ending);
            if (open.isEmpty() && end.lookingAt()) {
                tokens.add(new Token(output ? Kind.OUTPUT_END : Kind.BLOCK_END, output ? "}}" : "%}", line));
                moveTo(end.end());
                return;
            }
            readToken(open);
        }
        throw TemplateException.at(line, "the end of the template (expected: '" + (output ? "}}" : "%}") + "')");
    }

    private void readToken(Deque<Character> open) {
        char character = source.charAt(at);
        if (character == '"' || character == '\'') {
            StringLiteral literal = StringLiteral.read(source, at, line);
            tokens.add(new Token(Kind.STRING, literal.text(), line));
            moveTo(literal.end());
        } else if (take(SPACE, null)
                || take(NAME, Kind.NAME)
                || take(FLOAT, Kind.FLOAT)
                || take(INTEGER, Kind.INTEGER)) {
            return;
        } else if (take(OPERATOR, Kind.OPERATOR)) {
            balance(character, open);
        } else {
            throw TemplateException.at(line, "unexpected character '" + character + "'");
        }
    }

    private boolean take(Pattern pattern, Kind kind) {
        Matcher matcher = at(pattern);
        if (!matcher.lookingAt()) {
            return false;
        }
        if (kind != null) {
            tokens.add(new Token(kind, matcher.group(), line));
        }
        moveTo(matcher.end());
        return true;
    }

    private void balance(char character, Deque<Character> open) {
        int opening = "([{".indexOf(character);
        if (opening >= 0) {
            open.push(")]}".charAt(opening));
        } else if (")]}".indexOf(character) >= 0) {
            if (open.isEmpty() || open.pop() != character) {
                throw TemplateException.at(line, "unexpected '" + character + "' (expected: brackets in pairs)");
            }
        }
    }
}
