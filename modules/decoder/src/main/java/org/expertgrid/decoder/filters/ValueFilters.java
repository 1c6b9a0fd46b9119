package org.expertgrid.decoder.filters;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.Arithmetic;
import org.expertgrid.decoder.python.Attributes;
import org.expertgrid.decoder.python.JsonText;
import org.expertgrid.decoder.python.Meter;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.python.Undefined;
import org.expertgrid.decoder.python.Values;

/** The filters of single values: defaults, numbers, JSON. */
final class ValueFilters {
    private static final int MOST_DIGITS = 400;

    private ValueFilters() {}

    static void addTo(Map<String, Filter> filters) {
        Filter defaults = (value, arguments, meter) -> {
            Arguments.Bound bound = arguments.bind("default_value", "boolean");
            boolean missing = value instanceof Undefined || bound.truth(1, false) && !Values.truth(value);
            return missing ? bound.value(0, "") : value;
        };
        filters.put("default", defaults);
        filters.put("d", defaults);
        filters.put("tojson", ValueFilters::json);
        filters.put("int", ValueFilters::integer);
        filters.put("float", (value, arguments, meter) -> {
            Double number = number(value);
            return number == null ? arguments.bind("default").value(0, 0.0) : number;
        });
        filters.put(
                "abs",
                (value, arguments, meter) -> Values.truth(value) && Arithmetic.floating(numeric(value)) < 0
                        ? Arithmetic.negate(value)
                        : numeric(value));
        filters.put("round", ValueFilters::rounded);
        filters.put(
                "attr",
                (value, arguments, meter) ->
                        Attributes.attribute(value, arguments.bind("name").text(0)));
    }

    private static Object json(Object value, Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("ensure_ascii", "indent", "separators", "sort_keys");
        String indent = bound.value(1, null) instanceof String text ? text : null;
        if (indent == null && bound.value(1, null) != null) {
            int blanks = Math.max(0, bound.integer(1, 0));
            meter.text(blanks);
            indent = " ".repeat(blanks);
        }
        String between = indent == null ? ", " : ",";
        String afterKey = ": ";
        if (bound.value(2, null) != null) {
            var separators = Values.elements(bound.value(2), meter);
            if (separators.size() != 2 || !separators.stream().allMatch(String.class::isInstance)) {
                throw new PythonError("tojson() argument 'separators' must be two str");
            }
            between = (String) separators.get(0);
            afterKey = (String) separators.get(1);
        }
        return new JsonText(indent, between, afterKey, bound.truth(3, false), bound.truth(0, false)).of(value, meter);
    }

    private static Object integer(Object value, Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("default", "base");
        BigInteger integer = Arithmetic.integer(value);
        if (integer != null) {
            return Values.of("int", integer);
        }
        if (value instanceof Undefined undefined) {
            throw new PythonError(undefined.message());
        }
        int base = bound.integer(1, 10);
        if (base < Character.MIN_RADIX || base > Character.MAX_RADIX) {
            throw new PythonError("int() base must be >= 2 and <= 36");
        }
        if (value instanceof String text && text.strip().length() <= MOST_DIGITS) {
            try {
                return Values.of("int", new BigInteger(text.strip().replace("_", ""), base));
            } catch (NumberFormatException e) {
                // It may be a float.
            }
        }
        Double number = number(value);
        boolean whole = number != null && Double.isFinite(number);
        return whole ? Values.of("int", new BigDecimal(number).toBigInteger()) : bound.value(0, 0L);
    }

    private static Double number(Object value) {
        if (Arithmetic.isNumber(value)) {
            return Arithmetic.floating(value);
        }
        boolean decimal = value instanceof String text
                && text.length() <= MOST_DIGITS
                && text.strip().matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
        return decimal ? (Double) Double.parseDouble(((String) value).strip()) : null;
    }

    private static Object numeric(Object value) {
        if (!Arithmetic.isNumber(value)) {
            throw new PythonError(
                    value instanceof Undefined undefined
                            ? undefined.message()
                            : "must be real number, not " + Values.typeName(value));
        }
        return value instanceof Boolean ? Arithmetic.subtract(value, 0L) : value;
    }

    private static Object rounded(Object value, Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("precision", "method");
        String method = bound.text(1, "common");
        int precision = bound.integer(0, 0);
        if (Math.abs(precision) > MOST_DIGITS) {
            throw new PythonError("round() argument 'precision' must be at most " + MOST_DIGITS + ", not " + precision);
        }
        RoundingMode mode = switch (method) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new PythonError("method must be common, ceil or floor");
        };
        Object number = numeric(value);
        boolean staysInteger = method.equals("common") && Arithmetic.integer(number) != null;
        if (staysInteger && precision >= 0 || !Double.isFinite(Arithmetic.floating(number))) {
            return number;
        }
        BigInteger integer = Arithmetic.integer(number);
        BigDecimal exact = integer != null ? new BigDecimal(integer) : new BigDecimal((Double) number);
        BigDecimal rounded = exact.setScale(precision, mode);
        return staysInteger ? Values.of("round", rounded.toBigInteger()) : (Object) rounded.doubleValue();
    }
}
