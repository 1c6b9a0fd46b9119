package org.expertgrid.decoder.python;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Python's methods of strings, and the filters that are named after them. */
public final class Texts {
    private Texts() {}

    /** Tells whether Python takes the character for white space. */
    public static boolean isSpace(int point) {
        return Character.isWhitespace(point) || Character.isSpaceChar(point) || point == 0x85;
    }

    /** Returns the text without the given characters, white space if null, at the chosen ends. */
    public static String stripped(String text, String characters, boolean left, boolean right, Meter meter) {
        meter.search(text.length(), characters == null ? 1 : characters.length());
        meter.text(text.length());
        IntPredicate goes = characters == null ? Texts::isSpace : point -> characters.indexOf(point) >= 0;
        int from = 0;
        int to = text.length();
        while (left && from < to && goes.test(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (right && from < to && goes.test(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    /** Returns the text with at most {@code count} occurrences replaced, all of them if it is negative. */
    public static String replaced(String text, String old, String replacement, int count, Meter meter) {
        meter.search(text.length(), old.length());
        long found = old.isEmpty() ? Values.length(text) + 1L : count(text, old);
        long changes = count < 0 ? found : Math.min(count, found);
        meter.text(text.length() + changes * (replacement.length() - old.length()));
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (long i = 0; i < changes; i++) {
            int place = text.indexOf(old, from);
            int next = place + old.length();
            if (old.isEmpty()) {
                place = i == 0 ? 0 : text.offsetByCodePoints(from, 1);
                next = place;
            }
            out.append(text, from, place).append(replacement);
            from = next;
        }
        return out.append(text, from, text.length()).toString();
    }

    /** Returns how often a part that is not empty occurs, without overlaps. */
    static int count(String text, String part) {
        int count = 0;
        for (int i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length())) {
            count++;
        }
        return count;
    }

    /** Returns the texts with a separator between them. */
    public static String joined(String separator, List<?> texts, Meter meter) {
        long length = (long) separator.length() * Math.max(0, texts.size() - 1);
        for (Object text : texts) {
            length += ((String) text).length();
        }
        meter.text(length);
        StringBuilder out = new StringBuilder((int) length);
        for (int i = 0; i < texts.size(); i++) {
            out.append(i > 0 ? separator : "").append((String) texts.get(i));
        }
        return out.toString();
    }

    static String separator(String separator) {
        if (separator.isEmpty()) {
            throw new PythonError("empty separator");
        }
        return separator;
    }

    static List<Object> split(String text, String separator, int most, Meter meter) {
        if (separator == null) {
            return words(text, most, meter);
        }
        meter.search(text.length(), separator(separator).length());
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int place = text.indexOf(separator);
                place >= 0 && (most < 0 || parts.size() < most);
                place = text.indexOf(separator, from)) {
            add(parts, text.substring(from, place), meter);
            from = place + separator.length();
        }
        add(parts, text.substring(from), meter);
        return Collections.unmodifiableList(parts);
    }

    static List<Object> splitFromTheRight(String text, String separator, int most, Meter meter) {
        if (most < 0) {
            return split(text, separator, most, meter);
        }
        if (separator == null) {
            throw new PythonError("rsplit with a count (expected: a separator, too)");
        }
        meter.search(text.length(), separator(separator).length());
        List<Object> parts = new ArrayList<>();
        int to = text.length();
        for (int place = text.lastIndexOf(separator);
                place >= 0 && parts.size() < most;
                place = text.lastIndexOf(separator, to - separator.length())) {
            add(parts, text.substring(place + separator.length(), to), meter);
            to = place;
            if (to < separator.length()) {
                break;
            }
        }
        add(parts, text.substring(0, to), meter);
        Collections.reverse(parts);
        return Collections.unmodifiableList(parts);
    }

    private static List<Object> words(String text, int most, Meter meter) {
        meter.search(text.length(), 1);
        List<Object> words = new ArrayList<>();
        int from = skip(text, 0, true);
        while (from < text.length()) {
            boolean last = most >= 0 && words.size() == most;
            int to = last ? text.length() : skip(text, from, false);
            add(words, text.substring(from, to), meter);
            from = skip(text, to, true);
        }
        return Collections.unmodifiableList(words);
    }

    private static int skip(String text, int from, boolean spaces) {
        int i = from;
        while (i < text.length() && isSpace(text.codePointAt(i)) == spaces) {
            i += Character.charCount(text.codePointAt(i));
        }
        return i;
    }

    /** Returns the lines of the text; a line break at its end begins no further line. */
    public static List<Object> lines(String text, boolean keepEnds, Meter meter) {
        meter.search(text.length(), 1);
        List<Object> lines = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = from;
            while (end < text.length() && !endsLine(text.charAt(end))) {
                end++;
            }
            int next = Math.min(text.length(), end + (text.startsWith("\r\n", end) ? 2 : 1));
            add(lines, text.substring(from, keepEnds ? next : end), meter);
            from = next;
        }
        return Collections.unmodifiableList(lines);
    }

    private static boolean endsLine(char character) {
        return character >= '\n' && character <= '\r'
                || character >= 0x1c && character <= 0x1e
                || character == 0x85
                || character == 0x2028
                || character == 0x2029;
    }

    private static void add(List<Object> parts, String part, Meter meter) {
        meter.text(part.length());
        meter.list(4);
        parts.add(part);
    }

    /** Returns the text in the middle of {@code width} characters. */
    public static String centered(String text, int width, String fill, Meter meter) {
        int missing = Math.max(0, width - Values.length(text));
        meter.text((long) text.length() + (long) missing * fill.length());
        int left = missing / 2 + (missing & width & 1);
        return fill.repeat(left) + text + fill.repeat(missing - left);
    }

    /** Returns the text with its first letter in upper case and the others in lower case. */
    public static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int second = text.offsetByCodePoints(0, 1);
        return titleCase(text.codePointAt(0)) + text.substring(second).toLowerCase(Locale.ROOT);
    }

    static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int point : text.codePoints().toArray()) {
            out.append(inWord ? Character.toString(Character.toLowerCase(point)) : titleCase(point));
            inWord = Character.isLetter(point);
        }
        return out.toString();
    }

    private static String titleCase(int point) {
        return Character.toString(Character.toTitleCase(point));
    }

    static String caseSwapped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .map(point ->
                        Character.isUpperCase(point) ? Character.toLowerCase(point) : Character.toUpperCase(point))
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    /** Returns the offset in UTF-16 units of a bound as slices have them. */
    static int offset(String text, int bound) {
        int length = Values.length(text);
        int index = bound < 0 ? bound + length : bound;
        return text.offsetByCodePoints(0, Math.max(0, Math.min(index, length)));
    }
}
