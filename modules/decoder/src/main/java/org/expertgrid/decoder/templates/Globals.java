package org.expertgrid.decoder.templates;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.Callable;
import org.expertgrid.decoder.python.Meter;
import org.expertgrid.decoder.python.Namespace;
import org.expertgrid.decoder.python.Printing;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.python.Values;

/** The functions that every template sees. */
final class Globals {
    /** The most that jinja2's sandbox lets a range have, too. */
    private static final int LONGEST_RANGE = 100_000;

    private Globals() {}

    static Map<String, Object> of(Clock clock) {
        Map<String, Object> globals = new HashMap<>();
        globals.put("range", (Callable) Globals::range);
        globals.put("dict", (Callable) (arguments, meter) -> Collections.unmodifiableMap(entries(arguments, meter)));
        globals.put("namespace", (Callable) (arguments, meter) -> {
            Map<String, Object> values = new LinkedHashMap<>();
            entries(arguments, meter).forEach((key, value) -> values.put((String) key, value));
            return new Namespace(values);
        });
        globals.put("raise_exception", (Callable) (arguments, meter) -> {
            throw new TemplateRefusal(Printing.str(arguments.bind("message").value(0), meter));
        });
        globals.put("strftime_now", (Callable) (arguments, meter) ->
                formatted(ZonedDateTime.now(clock), arguments.bind("format").text(0), meter));
        return globals;
    }

    private static Object range(Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("start", "stop", "step");
        bound.value(0);
        long start = bound.has(1) ? bound.integer(0, 0) : 0;
        long stop = bound.has(1) ? bound.integer(1, 0) : bound.integer(0, 0);
        long step = bound.integer(2, 1);
        if (step == 0) {
            throw new PythonError("range() arg 3 must not be zero");
        }
        long length = Math.max(0, (stop - start + step - Long.signum(step)) / step);
        if (length > LONGEST_RANGE) {
            throw new PythonError("range of " + length + " (expected: at most " + LONGEST_RANGE + ")");
        }
        List<Object> range = Values.newList(2 * length, meter);
        for (long i = 0; i < length; i++) {
            range.add(start + i * step);
        }
        return Collections.unmodifiableList(range);
    }

    private static Map<Object, Object> entries(Arguments arguments, Meter meter) {
        Map<Object, Object> entries = new LinkedHashMap<>();
        List<Object> positional = arguments.positional();
        if (positional.size() > 1) {
            throw new PythonError(arguments.callee() + " expected at most 1 argument, got " + positional.size());
        }
        if (!positional.isEmpty()) {
            if (!(positional.get(0) instanceof Map<?, ?> map)) {
                throw new PythonError(arguments.callee() + "() argument must be a mapping");
            }
            entries.putAll(map);
        }
        entries.putAll(arguments.named());
        meter.list(2L * entries.size());
        return entries;
    }

    /** Returns the time as C's {@code strftime} writes it in its own locale. */
    private static String formatted(ZonedDateTime time, String format, Meter meter) {
        meter.text(8L * format.length());
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            if (format.charAt(i) != '%') {
                out.append(format.charAt(i));
                continue;
            }
            int end = Math.min(format.length(), i + (format.startsWith("%-", i) ? 3 : 2));
            out.append(field(time, format.substring(i, end)));
            i = end - 1;
        }
        return out.toString();
    }

    private static String field(ZonedDateTime time, String directive) {
        return switch (directive) {
            case "%Y" -> pattern(time, "uuuu");
            case "%y" -> pattern(time, "uu");
            case "%m" -> pattern(time, "MM");
            case "%-m" -> pattern(time, "M");
            case "%d" -> pattern(time, "dd");
            case "%-d" -> pattern(time, "d");
            case "%e" -> String.format("%2d", time.getDayOfMonth());
            case "%j" -> pattern(time, "DDD");
            case "%B" -> pattern(time, "MMMM");
            case "%b", "%h" -> pattern(time, "MMM");
            case "%A" -> pattern(time, "EEEE");
            case "%a" -> pattern(time, "EEE");
            case "%u" -> String.valueOf(time.getDayOfWeek().getValue());
            case "%w" -> String.valueOf(time.getDayOfWeek().getValue() % 7);
            case "%H" -> pattern(time, "HH");
            case "%-H" -> pattern(time, "H");
            case "%I" -> pattern(time, "hh");
            case "%-I" -> pattern(time, "h");
            case "%M" -> pattern(time, "mm");
            case "%-M" -> pattern(time, "m");
            case "%S" -> pattern(time, "ss");
            case "%-S" -> pattern(time, "s");
            case "%f" -> String.format("%06d", time.get(ChronoField.MICRO_OF_SECOND));
            case "%p" -> time.getHour() < 12 ? "AM" : "PM";
            case "%F" -> pattern(time, "uuuu-MM-dd");
            case "%D" -> pattern(time, "MM/dd/uu");
            case "%T" -> pattern(time, "HH:mm:ss");
            case "%R" -> pattern(time, "HH:mm");
            case "%s" -> String.valueOf(time.toEpochSecond());
            // Python's datetime without a zone prints neither.
            case "%Z", "%z" -> "";
            case "%%" -> "%";
            default ->
                throw new PythonError("strftime_now: " + directive
                        + " (expected: a directive of strftime that does not depend on a locale)");
        };
    }

    private static String pattern(ZonedDateTime time, String pattern) {
        return time.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
    }
}
