package org.expertgrid.decoder.filters;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.Formatting;
import org.expertgrid.decoder.python.Meter;
import org.expertgrid.decoder.python.Printing;
import org.expertgrid.decoder.python.Texts;
import org.expertgrid.decoder.python.Tuple;
import org.expertgrid.decoder.python.Values;

/** The filters that take any value as a text. */
final class TextFilters {
    /** The characters after which jinja2's {@code title} begins a word. */
    private static final Pattern BEFORE_A_WORD = Pattern.compile("(?<=[-\\s({\\[<])|(?=[-\\s({\\[<])");

    private static final String UNESCAPED_IN_URLS = "-._~/";

    private TextFilters() {}

    static void addTo(Map<String, Filter> filters) {
        filters.put("string", plain(text -> text));
        filters.put("safe", plain(text -> text));
        filters.put("upper", plain(text -> text.toUpperCase(Locale.ROOT)));
        filters.put("lower", plain(text -> text.toLowerCase(Locale.ROOT)));
        filters.put("capitalize", plain(Texts::capitalized));
        filters.put("title", plain(TextFilters::title));
        filters.put("escape", plain(TextFilters::escaped));
        filters.put("e", plain(TextFilters::escaped));
        filters.put("forceescape", plain(TextFilters::escaped));
        filters.put("urlencode", plain(TextFilters::urlEncoded));
        filters.put(
                "trim",
                (value, arguments, meter) -> Texts.stripped(
                        text(value, meter), arguments.bind("chars").text(0, null), true, true, meter));
        filters.put("replace", (value, arguments, meter) -> {
            Arguments.Bound bound = arguments.bind("old", "new", "count");
            String old = text(bound.value(0), meter);
            return Texts.replaced(text(value, meter), old, text(bound.value(1), meter), bound.integer(2, -1), meter);
        });
        filters.put("format", (value, arguments, meter) -> {
            boolean named = !arguments.named().isEmpty();
            Object values = named ? arguments.named() : new Tuple(arguments.positional());
            return Formatting.percent(text(value, meter), values, meter);
        });
        filters.put(
                "center",
                (value, arguments, meter) -> Texts.centered(
                        text(value, meter), arguments.bind("width").integer(0, 80), " ", meter));
        filters.put("indent", TextFilters::indented);
        filters.put("truncate", TextFilters::truncated);
        filters.put("wordcount", (value, arguments, meter) -> {
            String text = text(value, meter);
            meter.search(text.length(), 1);
            return Pattern.compile("[\\p{L}\\p{N}_]+").matcher(text).results().count();
        });
    }

    static String text(Object value, Meter meter) {
        return Printing.str(value, meter);
    }

    private static Filter plain(UnaryOperator<String> change) {
        return (value, arguments, meter) -> {
            arguments.bind();
            String text = text(value, meter);
            meter.text(text.length());
            return change.apply(text);
        };
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (String word : BEFORE_A_WORD.split(text)) {
            out.append(Texts.capitalized(word));
        }
        return out.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static String urlEncoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xff);
            boolean stays = character < 128
                    && (Character.isLetterOrDigit(character) || UNESCAPED_IN_URLS.indexOf(character) >= 0);
            out.append(stays ? String.valueOf(character) : String.format("%%%02X", octet & 0xff));
        }
        return out.toString();
    }

    private static Object indented(Object value, Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("width", "first", "blank");
        Object width = bound.value(0, 4L);
        String text = text(value, meter);
        String indent;
        if (width instanceof String given) {
            indent = given;
        } else {
            int blanks = Math.max(0, bound.integer(0, 4));
            meter.text(blanks);
            indent = " ".repeat(blanks);
        }
        boolean blankLines = bound.truth(2, false);
        // A line break at the end begins a last, empty line.
        List<Object> lines = Texts.lines(text + "\n", false, meter);
        List<Object> indented = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            boolean indents = i == 0 ? bound.truth(1, false) : blankLines || !line.isEmpty();
            meter.text((long) line.length() + (indents ? indent.length() : 0));
            indented.add(indents ? indent + line : line);
        }
        return Texts.joined("\n", indented, meter);
    }

    private static Object truncated(Object value, Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("length", "killwords", "end", "leeway");
        String text = text(value, meter);
        String end = bound.text(2, "...");
        int length = bound.integer(0, 255);
        if (Values.length(text) <= length + bound.integer(3, 5)) {
            return text;
        }
        meter.text(text.length());
        int kept = Math.max(0, Math.min(Values.length(text), length - Values.length(end)));
        String cut = text.substring(0, text.offsetByCodePoints(0, kept));
        int lastSpace = cut.lastIndexOf(' ');
        boolean wholeWords = !bound.truth(1, false) && lastSpace >= 0;
        return (wholeWords ? cut.substring(0, lastSpace) : cut) + end;
    }
}
