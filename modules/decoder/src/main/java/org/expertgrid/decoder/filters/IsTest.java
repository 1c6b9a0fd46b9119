package org.expertgrid.decoder.filters;

import static org.expertgrid.decoder.python.Arithmetic.integer;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.Arithmetic;
import org.expertgrid.decoder.python.Callable;
import org.expertgrid.decoder.python.Comparison;
import org.expertgrid.decoder.python.Meter;
import org.expertgrid.decoder.python.Printing;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.python.Tuple;
import org.expertgrid.decoder.python.Undefined;
import org.expertgrid.decoder.python.Values;

/** A test after {@code is}: a question about a value. */
@FunctionalInterface
public interface IsTest {
    boolean holds(Object value, Arguments arguments, Meter meter);

    Map<String, IsTest> ALL = all();

    /**
     * Returns the test of that name.
     *
     * @throws PythonError if there is none
     */
    static IsTest named(String name) {
        IsTest test = ALL.get(name);
        if (test == null) {
            throw new PythonError("No test named '" + name + "'.");
        }
        return test;
    }

    /** Returns whether {@code left operator right} is true. */
    static boolean compare(Object left, String operator, Object right, Meter meter) {
        return switch (operator) {
            case "==" -> Comparison.equal(left, right, meter);
            case "!=" -> !Comparison.equal(left, right, meter);
            case "in" -> Comparison.contains(right, left, meter);
            case "not in" -> !Comparison.contains(right, left, meter);
            default -> order(left, operator, right, meter);
        };
    }

    private static boolean order(Object left, String operator, Object right, Meter meter) {
        int sign = Comparison.compare(left, right, operator, meter);
        if (Comparison.isNan(left) || Comparison.isNan(right)) {
            return false;
        }
        return switch (operator) {
            case "<" -> sign < 0;
            case "<=" -> sign <= 0;
            case ">" -> sign > 0;
            case ">=" -> sign >= 0;
            default -> throw new IllegalStateException(operator);
        };
    }

    private static Map<String, IsTest> all() {
        Map<String, IsTest> tests = new HashMap<>();
        tests.put("defined", (value, arguments, meter) -> !(value instanceof Undefined));
        tests.put("undefined", (value, arguments, meter) -> value instanceof Undefined);
        tests.put("none", (value, arguments, meter) -> value == null);
        tests.put("true", (value, arguments, meter) -> Boolean.TRUE.equals(value));
        tests.put("false", (value, arguments, meter) -> Boolean.FALSE.equals(value));
        tests.put("boolean", (value, arguments, meter) -> value instanceof Boolean);
        tests.put("string", (value, arguments, meter) -> value instanceof String);
        tests.put("number", (value, arguments, meter) -> Arithmetic.isNumber(value));
        tests.put("integer", (value, arguments, meter) -> value instanceof Long || value instanceof BigInteger);
        tests.put("float", (value, arguments, meter) -> value instanceof Double);
        tests.put("mapping", (value, arguments, meter) -> value instanceof Map);
        tests.put("sequence", (value, arguments, meter) -> Values.isSized(value));
        tests.put("iterable", (value, arguments, meter) -> Values.isSized(value));
        tests.put("callable", (value, arguments, meter) -> value instanceof Callable);
        tests.put("escaped", (value, arguments, meter) -> false);
        tests.put("filter", (value, arguments, meter) -> value instanceof String name && Filter.ALL.containsKey(name));
        tests.put("test", (value, arguments, meter) -> value instanceof String name && ALL.containsKey(name));
        tests.put(
                "sameas",
                (value, arguments, meter) -> same(value, arguments.bind("other").value(0), meter));
        tests.put(
                "in",
                (value, arguments, meter) ->
                        Comparison.contains(arguments.bind("seq").value(0), value, meter));
        tests.put(
                "odd", (value, arguments, meter) -> remainder(value, 2L, meter).testBit(0));
        tests.put(
                "even",
                (value, arguments, meter) -> !remainder(value, 2L, meter).testBit(0));
        tests.put(
                "divisibleby",
                (value, arguments, meter) ->
                        remainder(value, arguments.bind("num").value(0), meter).signum() == 0);
        tests.put("lower", (value, arguments, meter) -> {
            String text = Printing.str(value, meter);
            return isCased(text) && text.equals(text.toLowerCase(Locale.ROOT));
        });
        tests.put("upper", (value, arguments, meter) -> {
            String text = Printing.str(value, meter);
            return isCased(text) && text.equals(text.toUpperCase(Locale.ROOT));
        });
        comparison(tests, "==", "==", "eq", "equalto");
        comparison(tests, "!=", "!=", "ne");
        comparison(tests, "<", "<", "lt", "lessthan");
        comparison(tests, "<=", "<=", "le");
        comparison(tests, ">", ">", "gt", "greaterthan");
        comparison(tests, ">=", ">=", "ge");
        return Map.copyOf(tests);
    }

    private static void comparison(Map<String, IsTest> tests, String operator, String... names) {
        for (String name : List.of(names)) {
            tests.put(
                    name,
                    (value, arguments, meter) ->
                            compare(value, operator, arguments.bind("other").value(0), meter));
        }
    }

    private static boolean isCased(String text) {
        return text.codePoints().anyMatch(point -> Character.isUpperCase(point) || Character.isLowerCase(point));
    }

    /** Tells whether the two cannot be told apart: small values by what they are, others by identity. */
    private static boolean same(Object a, Object b, Meter meter) {
        boolean sameType = Values.typeName(a).equals(Values.typeName(b));
        boolean large = a instanceof List || a instanceof Map || a instanceof Tuple;
        return a == b || !large && sameType && Comparison.equal(a, b, meter);
    }

    private static BigInteger remainder(Object value, Object divisor, Meter meter) {
        BigInteger remainder = integer(Arithmetic.modulo(value, divisor, meter));
        if (remainder == null) {
            throw new PythonError("a remainder of '" + Values.typeName(value) + "' (expected: of an int)");
        }
        return remainder;
    }
}
