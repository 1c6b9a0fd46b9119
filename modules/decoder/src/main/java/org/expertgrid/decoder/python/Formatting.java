package org.expertgrid.decoder.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code '%s' % value} and {@code '{}'.format(value)}. */
public final class Formatting {
    private static final Pattern CONVERSION = Pattern.compile(
            "%(?:\\((?<name>[^)]*)\\))?(?<flags>[-+ 0#]*)(?<width>\\d*)(?:\\.(?<digits>\\d*))?(?<type>.?)",
            Pattern.DOTALL);
    private static final Pattern FIELD =
            Pattern.compile("\\{\\{|}}|\\{(?<name>[^{}!:]*)(?:!(?<repr>[rs]))?(?::(?<form>[^{}]*))?}|[{}]");
    private static final Pattern FORM = Pattern.compile(
            "(?<align>[<>^]?)(?<flags>0?)(?<width>\\d*)(?<comma>,?)(?:\\.(?<digits>\\d+))?(?<type>[sdfeg]?)");
    private static final int MOST_DIGITS = 1000;
    private static final int USUAL_DIGITS = 6;

    private Formatting() {}

    /** Returns {@code format % arguments}. */
    public static String percent(String format, Object arguments, Meter meter) {
        List<Object> values = arguments instanceof Tuple tuple ? tuple.items() : Collections.singletonList(arguments);
        StringBuilder out = new StringBuilder();
        Matcher matcher = CONVERSION.matcher(format);
        int from = 0;
        int used = 0;
        while (matcher.find(from)) {
            out.append(format, from, matcher.start());
            from = matcher.end();
            if (matcher.group("type").equals("%")) {
                out.append('%');
                continue;
            }
            Object value;
            if (matcher.group("name") != null) {
                value = Attributes.item(arguments, matcher.group("name"));
            } else if (used < values.size()) {
                value = values.get(used++);
            } else {
                throw new PythonError("not enough arguments for format string");
            }
            String text = converted(value, matcher.group("type"), number(matcher.group("digits"), -1), meter);
            append(out, text, matcher.group("flags"), number(matcher.group("width"), 0), meter);
        }
        boolean named = arguments instanceof Map;
        if (used < values.size() && !named) {
            throw new PythonError("not all arguments converted during string formatting");
        }
        meter.text(format.length());
        return out.append(format, from, format.length()).toString();
    }

    private static int number(String digits, int otherwise) {
        if (digits == null || digits.isEmpty()) {
            return digits == null ? otherwise : Math.max(otherwise, 0);
        }
        if (digits.length() > 9) {
            throw new PythonError("width or precision " + digits + " (expected: at most 9 digits)");
        }
        return Integer.parseInt(digits);
    }

    private static void append(StringBuilder out, String text, String flags, int width, Meter meter) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String all = flags.contains("+") && !signed ? "+" + text : text;
        int missing = Math.max(0, width - Values.length(all));
        meter.text((long) all.length() + missing);
        if (flags.contains("-")) {
            out.append(all).append(" ".repeat(missing));
        } else if (flags.contains("0")) {
            int sign = signed || flags.contains("+") ? 1 : 0;
            out.append(all, 0, sign).append("0".repeat(missing)).append(all, sign, all.length());
        } else {
            out.append(" ".repeat(missing)).append(all);
        }
    }

    private static String converted(Object value, String type, int digits, Meter meter) {
        return switch (type) {
            case "s" -> cut(Printing.str(value, meter), digits);
            case "r" -> cut(Printing.repr(value, meter), digits);
            case "d", "i", "u" -> whole(value, type).toString();
            case "x" -> whole(value, type).toString(16);
            case "X" -> whole(value, type).toString(16).toUpperCase(Locale.ROOT);
            case "o" -> whole(value, type).toString(8);
            case "f", "F" -> fixed(real(value, type), digits);
            case "e" -> exponential(real(value, type), digits);
            case "g" -> general(real(value, type), digits);
            default ->
                throw new PythonError("unsupported format character '" + type
                        + "' (expected: one of s, r, d, i, u, x, X, o, f, F, e, g and %)");
        };
    }

    private static String cut(String text, int characters) {
        return characters < 0 || Values.length(text) <= characters
                ? text
                : text.substring(0, text.offsetByCodePoints(0, characters));
    }

    private static BigInteger whole(Object value, String type) {
        BigInteger integer = Arithmetic.integer(value);
        if (integer != null) {
            return integer;
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return new BigDecimal(number).toBigInteger();
        }
        throw new PythonError("%" + type + " format: a real number is required, not " + Values.typeName(value));
    }

    private static BigDecimal real(Object value, String type) {
        if (!Arithmetic.isNumber(value) || !Double.isFinite(Arithmetic.floating(value))) {
            throw new PythonError("%" + type + " format: a finite number is required, not " + Values.typeName(value));
        }
        BigInteger integer = Arithmetic.integer(value);
        return integer != null ? new BigDecimal(integer) : new BigDecimal((Double) value);
    }

    private static String fixed(BigDecimal number, int digits) {
        return number.setScale(digits(digits), RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String exponential(BigDecimal number, int digits) {
        BigDecimal rounded = number.round(new MathContext(digits(digits) + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        BigDecimal mantissa = rounded.scaleByPowerOfTen(-exponent).setScale(digits(digits), RoundingMode.HALF_EVEN);
        return mantissa.toPlainString() + exponent(exponent);
    }

    private static String general(BigDecimal number, int digits) {
        int significant = Math.max(1, digits(digits));
        BigDecimal rounded = number.round(new MathContext(significant, RoundingMode.HALF_EVEN));
        if (rounded.signum() == 0) {
            return "0";
        }
        BigDecimal shortest = rounded.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        return exponent < -4 || exponent >= significant ? exponentialOf(shortest, exponent) : shortest.toPlainString();
    }

    private static int digits(int digits) {
        if (digits > MOST_DIGITS) {
            throw new PythonError("precision " + digits + " (expected: at most " + MOST_DIGITS + ")");
        }
        return digits < 0 ? USUAL_DIGITS : digits;
    }

    /** Returns a number without zeros at its end as {@code 1.5e+16}; {@code exponent} is that of its first digit. */
    static String exponentialOf(BigDecimal number, int exponent) {
        return number.scaleByPowerOfTen(-exponent).toPlainString() + exponent(exponent);
    }

    private static String exponent(int exponent) {
        return (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /** Returns {@code format.format(arguments)}; of the forms after a colon, those for width, alignment and digits. */
    static String braces(String format, Arguments arguments, Meter meter) {
        StringBuilder out = new StringBuilder();
        Matcher matcher = FIELD.matcher(format);
        int from = 0;
        int next = 0;
        while (matcher.find()) {
            out.append(format, from, matcher.start());
            from = matcher.end();
            String found = matcher.group();
            if (found.equals("{{") || found.equals("}}")) {
                out.append(found.charAt(0));
                continue;
            }
            String name = matcher.group("name");
            if (name == null) {
                throw new PythonError("Single '" + found + "' encountered in format string");
            }
            Object value = name.isEmpty() ? field(arguments, next++) : field(arguments, name);
            boolean repr = "r".equals(matcher.group("repr"));
            String form = matcher.group("form");
            String text = form == null || form.isEmpty() || repr
                    ? repr ? Printing.repr(value, meter) : Printing.str(value, meter)
                    : formed(value, form, meter);
            meter.text(text.length());
            out.append(text);
        }
        meter.text(format.length());
        return out.append(format, from, format.length()).toString();
    }

    private static Object field(Arguments arguments, String name) {
        if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return field(arguments, number(name, 0));
        }
        if (!arguments.named().containsKey(name)) {
            throw new PythonError("format field '" + name + "' (expected: a number, or the name of an argument)");
        }
        return arguments.named().get(name);
    }

    private static Object field(Arguments arguments, int index) {
        if (index >= arguments.positional().size()) {
            throw new PythonError("Replacement index " + index + " out of range for positional args tuple");
        }
        return arguments.positional().get(index);
    }

    private static String formed(Object value, String form, Meter meter) {
        Matcher matcher = FORM.matcher(form);
        if (!matcher.matches()) {
            throw new PythonError(
                    "format '" + form + "' (expected: alignment, width, digits and one of s, d, f, e, g)");
        }
        boolean number = Arithmetic.isNumber(value);
        String type = matcher.group("type");
        int digits = number(matcher.group("digits"), -1);
        String text = type.isEmpty() && digits < 0
                ? Printing.str(value, meter)
                : converted(value, type.isEmpty() ? number ? "g" : "s" : type, digits, meter);
        if (!matcher.group("comma").isEmpty() && number) {
            text = text.replaceFirst("^(-?)(\\d+)", "$1" + grouped(text));
        }
        String align = matcher.group("align");
        int width = number(matcher.group("width"), 0);
        if (align.equals("^")) {
            int missing = Math.max(0, width - Values.length(text));
            meter.text((long) text.length() + missing);
            return " ".repeat(missing / 2) + text + " ".repeat(missing - missing / 2);
        }
        StringBuilder out = new StringBuilder();
        boolean left = align.equals("<") || align.isEmpty() && !number;
        append(out, text, left ? "-" : matcher.group("flags"), width, meter);
        return out.toString();
    }

    private static String grouped(String number) {
        String whole = number.replaceFirst("^-?(\\d+).*", "$1");
        return whole.replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",");
    }
}
