package org.expertgrid.decoder.python;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's {@code str} and {@code repr}. */
public final class Printing {
    private static final int MOST_DIGITS = 17;
    private static final int FIRST_LONG_EXPONENT = 16;
    private static final int LAST_SHORT_EXPONENT = -4;

    private Printing() {}

    /** Returns the value as {@code str} prints it. */
    public static String str(Object value, Meter meter) {
        return value instanceof String text ? text : repr(value, meter);
    }

    /** Returns the value as {@code repr} prints it. */
    public static String repr(Object value, Meter meter) {
        StringBuilder out = new StringBuilder();
        repr(value, out, meter);
        return out.toString();
    }

    private static void repr(Object value, StringBuilder out, Meter meter) {
        meter.enter();
        if (value instanceof List<?> list) {
            elements("[", list, "]", out, meter);
        } else if (value instanceof Tuple tuple) {
            elements("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", out, meter);
        } else if (value instanceof Map<?, ?> map) {
            entries(map, out, meter);
        } else {
            String text = value instanceof String string ? quoted(string) : scalar(value);
            meter.text(text.length());
            out.append(text);
        }
        meter.leave();
    }

    private static void elements(String opening, List<?> list, String closing, StringBuilder out, Meter meter) {
        out.append(opening);
        String separator = "";
        for (Object element : list) {
            out.append(separator);
            repr(element, out, meter);
            separator = ", ";
        }
        out.append(closing);
    }

    private static void entries(Map<?, ?> map, StringBuilder out, Meter meter) {
        out.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<?, ?> entry = i.next();
            repr(entry.getKey(), out, meter);
            out.append(": ");
            repr(entry.getValue(), out, meter);
            out.append(i.hasNext() ? ", " : "");
        }
        out.append('}');
    }

    private static String scalar(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Boolean bool) {
            return bool ? "True" : "False";
        }
        if (value instanceof Double number) {
            return floating(number);
        }
        if (value instanceof Undefined) {
            return "";
        }
        return value instanceof Number ? value.toString() : "<" + Values.typeName(value) + ">";
    }

    /** Returns the shortest decimal number that reads as this float; the JDK's own is not the shortest before 19. */
    static String floating(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number > 0 ? "0.0" : "-0.0";
        }
        BigDecimal exact = new BigDecimal(number);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= MOST_DIGITS; digits++) {
            shortest = exact.round(new MathContext(digits));
            if (shortest.doubleValue() == number) {
                break;
            }
        }
        shortest = shortest.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= FIRST_LONG_EXPONENT || exponent < LAST_SHORT_EXPONENT) {
            return Formatting.exponentialOf(shortest, exponent);
        }
        String plain = shortest.toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }

    /** Returns the text in quotes, with escapes where Python has them. */
    public static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (point == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(point)) {
                        out.appendCodePoint(point);
                    } else {
                        String form = point < 0x100 ? "\\x%02x" : point < 0x10000 ? "\\u%04x" : "\\U%08x";
                        out.append(String.format(form, point));
                    }
                }
            }
        });
        return out.append(quote).toString();
    }

    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> point == ' ';
            default -> true;
        };
    }
}
