package org.expertgrid.decoder.python;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** The methods of Python's str. */
final class TextMethods {
    private static final Map<String, Method> METHODS = methods();

    private TextMethods() {}

    /** One method of a text. */
    @FunctionalInterface
    interface Method {
        Object call(String text, Arguments arguments, Meter meter);
    }

    /** Returns the method of that name, or null. */
    static Method named(String name) {
        return METHODS.get(name);
    }

    private static Map<String, Method> methods() {
        Map<String, Method> methods = new HashMap<>();
        changes(methods);
        searches(methods);
        parts(methods);
        questions(methods);
        return Map.copyOf(methods);
    }

    private static void changes(Map<String, Method> methods) {
        methods.put("upper", plain(text -> text.toUpperCase(Locale.ROOT)));
        methods.put("lower", plain(text -> text.toLowerCase(Locale.ROOT)));
        methods.put("casefold", plain(text -> text.toLowerCase(Locale.ROOT)));
        methods.put("capitalize", plain(Texts::capitalized));
        methods.put("title", plain(Texts::title));
        methods.put("swapcase", plain(Texts::caseSwapped));
        methods.put("strip", stripping(true, true));
        methods.put("lstrip", stripping(true, false));
        methods.put("rstrip", stripping(false, true));
        methods.put("replace", (text, arguments, meter) -> {
            Arguments.Bound bound = arguments.bind("old", "new", "count");
            return Texts.replaced(text, bound.text(0), bound.text(1), bound.integer(2, -1), meter);
        });
        methods.put("removeprefix", (text, arguments, meter) -> {
            String prefix = arguments.bind("prefix").text(0);
            meter.text(text.length());
            return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        });
        methods.put("removesuffix", (text, arguments, meter) -> {
            String suffix = arguments.bind("suffix").text(0);
            meter.text(text.length());
            return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
        });
        methods.put("ljust", (text, arguments, meter) -> {
            Arguments.Bound bound = arguments.bind("width", "fillchar");
            return text + padding(text, bound, meter);
        });
        methods.put("rjust", (text, arguments, meter) -> {
            Arguments.Bound bound = arguments.bind("width", "fillchar");
            return padding(text, bound, meter) + text;
        });
        methods.put("center", (text, arguments, meter) -> {
            Arguments.Bound bound = arguments.bind("width", "fillchar");
            bound.value(0);
            return Texts.centered(text, bound.integer(0, 0), bound.text(1, " "), meter);
        });
        methods.put("zfill", (text, arguments, meter) -> {
            Arguments.Bound bound = arguments.bind("width");
            bound.value(0);
            int sign = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
            int zeros = Math.max(0, bound.integer(0, 0) - Values.length(text));
            meter.text((long) text.length() + zeros);
            return text.substring(0, sign) + "0".repeat(zeros) + text.substring(sign);
        });
        methods.put("format", Formatting::braces);
    }

    private static String padding(String text, Arguments.Bound bound, Meter meter) {
        bound.value(0);
        int missing = Math.max(0, bound.integer(0, 0) - Values.length(text));
        String fill = bound.text(1, " ");
        meter.text((long) text.length() + (long) missing * fill.length());
        return fill.repeat(missing);
    }

    private static void searches(Map<String, Method> methods) {
        methods.put("startswith", (text, arguments, meter) -> {
            Arguments.Bound bound = arguments.bind("prefix", "start");
            String rest = text.substring(Texts.offset(text, bound.integer(1, 0)));
            return affixes(bound.value(0), "startswith").stream().anyMatch(rest::startsWith);
        });
        methods.put(
                "endswith",
                (text, arguments, meter) -> affixes(arguments.bind("suffix").value(0), "endswith").stream()
                        .anyMatch(text::endsWith));
        methods.put("find", (text, arguments, meter) -> position(text, arguments, meter, false));
        methods.put("rfind", (text, arguments, meter) -> position(text, arguments, meter, true));
        methods.put("index", (text, arguments, meter) -> found(position(text, arguments, meter, false)));
        methods.put("rindex", (text, arguments, meter) -> found(position(text, arguments, meter, true)));
        methods.put("count", (text, arguments, meter) -> {
            String part = arguments.bind("sub").text(0);
            meter.search(text.length(), part.length());
            return part.isEmpty() ? (long) Values.length(text) + 1 : (long) Texts.count(text, part);
        });
    }

    private static List<String> affixes(Object value, String method) {
        List<?> all = value instanceof Tuple tuple ? tuple.items() : Arrays.asList(value);
        List<String> affixes = new ArrayList<>();
        for (Object affix : all) {
            if (!(affix instanceof String text)) {
                throw new PythonError(
                        method + " first arg must be str or a tuple of str, not " + Values.typeName(value));
            }
            affixes.add(text);
        }
        return affixes;
    }

    private static long position(String text, Arguments arguments, Meter meter, boolean last) {
        Arguments.Bound bound = arguments.bind("sub", "start", "end");
        String part = bound.text(0);
        meter.search(text.length(), part.length());
        int start = Texts.offset(text, bound.integer(1, 0));
        int end = Texts.offset(text, bound.integer(2, Integer.MAX_VALUE));
        if (start > end) {
            return -1;
        }
        String section = text.substring(start, end);
        int place = last ? section.lastIndexOf(part) : section.indexOf(part);
        return place < 0 ? -1 : text.codePointCount(0, start + place);
    }

    private static Object found(long position) {
        if (position < 0) {
            throw new PythonError("substring not found");
        }
        return position;
    }

    private static void parts(Map<String, Method> methods) {
        methods.put("split", (text, arguments, meter) -> {
            Arguments.Bound bound = arguments.bind("sep", "maxsplit");
            return Texts.split(text, bound.text(0, null), bound.integer(1, -1), meter);
        });
        methods.put("rsplit", (text, arguments, meter) -> {
            Arguments.Bound bound = arguments.bind("sep", "maxsplit");
            return Texts.splitFromTheRight(text, bound.text(0, null), bound.integer(1, -1), meter);
        });
        methods.put("splitlines", (text, arguments, meter) -> {
            boolean keepEnds = arguments.bind("keepends").truth(0, false);
            return Texts.lines(text, keepEnds, meter);
        });
        methods.put("partition", (text, arguments, meter) -> {
            String separator = Texts.separator(arguments.bind("sep").text(0));
            meter.search(text.length(), separator.length());
            return parted(text, separator, text.indexOf(separator), List.of(text, "", ""), meter);
        });
        methods.put("rpartition", (text, arguments, meter) -> {
            String separator = Texts.separator(arguments.bind("sep").text(0));
            meter.search(text.length(), separator.length());
            return parted(text, separator, text.lastIndexOf(separator), List.of("", "", text), meter);
        });
        methods.put("join", (text, arguments, meter) -> {
            List<Object> elements = Values.elements(arguments.bind("iterable").value(0), meter);
            for (int i = 0; i < elements.size(); i++) {
                if (!(elements.get(i) instanceof String)) {
                    throw new PythonError("sequence item " + i + ": expected str instance, "
                            + Values.typeName(elements.get(i)) + " found");
                }
            }
            return Texts.joined(text, elements, meter);
        });
    }

    private static Tuple parted(String text, String separator, int place, List<Object> otherwise, Meter meter) {
        meter.text(text.length());
        return new Tuple(
                place < 0
                        ? otherwise
                        : List.of(text.substring(0, place), separator, text.substring(place + separator.length())));
    }

    private static void questions(Map<String, Method> methods) {
        methods.put("isspace", all(Texts::isSpace));
        methods.put("isalpha", all(Character::isLetter));
        methods.put("isdigit", all(Character::isDigit));
        methods.put("isdecimal", all(Character::isDigit));
        methods.put("isnumeric", all(Character::isDigit));
        methods.put("isalnum", all(Character::isLetterOrDigit));
        methods.put("isascii", (text, arguments, meter) -> text.chars().allMatch(c -> c < 128));
        methods.put("isupper", cased(Character::isLowerCase, Character::isUpperCase));
        methods.put("islower", cased(Character::isUpperCase, Character::isLowerCase));
    }

    private static Method all(IntPredicate predicate) {
        return (text, arguments, meter) -> {
            arguments.bind();
            meter.search(text.length(), 1);
            return !text.isEmpty() && text.codePoints().allMatch(predicate);
        };
    }

    private static Method cased(IntPredicate never, IntPredicate once) {
        return (text, arguments, meter) -> {
            arguments.bind();
            meter.search(text.length(), 1);
            return text.codePoints().noneMatch(never) && text.codePoints().anyMatch(once);
        };
    }

    private static Method plain(UnaryOperator<String> change) {
        return (text, arguments, meter) -> {
            arguments.bind();
            meter.text(text.length());
            return change.apply(text);
        };
    }

    private static Method stripping(boolean left, boolean right) {
        return (text, arguments, meter) ->
                Texts.stripped(text, arguments.bind("chars").text(0, null), left, right, meter);
    }
}
