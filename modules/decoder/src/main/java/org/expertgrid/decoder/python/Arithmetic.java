package org.expertgrid.decoder.python;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;

/** Python's arithmetic on numbers, and its {@code +}, {@code *} and {@code %} on texts and lists. */
public final class Arithmetic {
    private static final int LONGEST_INTEGER_BITS = 4096;

    private Arithmetic() {}

    /** Tells whether the value counts as a number; a boolean does. */
    public static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    /** Returns the value as an integer, or null if it is none; True is 1. */
    public static BigInteger integer(Object value) {
        if (value instanceof Long number) {
            return BigInteger.valueOf(number);
        }
        if (value instanceof BigInteger number) {
            return number;
        }
        return value instanceof Boolean bool ? (bool ? BigInteger.ONE : BigInteger.ZERO) : null;
    }

    /** Returns the number as a float. */
    public static double floating(Object number) {
        BigInteger integer = integer(number);
        return integer != null ? integer.doubleValue() : (Double) number;
    }

    public static Object add(Object a, Object b, Meter meter) {
        if (a instanceof String text && b instanceof String other) {
            meter.text((long) text.length() + other.length());
            return text + other;
        }
        if (a instanceof List<?> list && b instanceof List<?> other) {
            return joined(list, other, meter);
        }
        if (a instanceof Tuple tuple && b instanceof Tuple other) {
            return new Tuple(joined(tuple.items(), other.items(), meter));
        }
        if (!isNumber(a) && a instanceof String && !(b instanceof Undefined)) {
            throw new PythonError("can only concatenate str (not \"" + Values.typeName(b) + "\") to str");
        }
        return compute("+", a, b, BigInteger::add, Double::sum);
    }

    public static Object subtract(Object a, Object b) {
        return compute("-", a, b, BigInteger::subtract, (x, y) -> x - y);
    }

    public static Object multiply(Object a, Object b, Meter meter) {
        if (!isNumber(a) && integer(b) != null && !(a instanceof Undefined)) {
            return repeated(a, integer(b), b, meter);
        }
        if (!isNumber(b) && integer(a) != null && !(b instanceof Undefined)) {
            return repeated(b, integer(a), a, meter);
        }
        return compute("*", a, b, BigInteger::multiply, (x, y) -> x * y);
    }

    public static Object divide(Object a, Object b) {
        return compute("/", a, b, null, (x, y) -> x / nonZero(y, "division by zero"));
    }

    public static Object floorDivide(Object a, Object b) {
        return compute(
                "//",
                a,
                b,
                (x, y) -> floorDivide(x, nonZero(y)),
                (x, y) -> Math.floor(x / nonZero(y, "float floor division by zero")));
    }

    public static Object modulo(Object a, Object b, Meter meter) {
        if (a instanceof String format) {
            return Formatting.percent(format, b, meter);
        }
        return compute(
                "%",
                a,
                b,
                (x, y) -> x.subtract(floorDivide(x, nonZero(y)).multiply(y)),
                (x, y) -> modulo(x, nonZero(y, "float modulo")));
    }

    public static Object power(Object a, Object b) {
        BigInteger exponent = integer(b);
        if (integer(a) == null || exponent == null || exponent.signum() < 0) {
            return compute("**", a, b, null, Math::pow);
        }
        BigInteger number = integer(a);
        boolean grows = number.abs().bitLength() > 1;
        boolean fits = exponent.bitLength() < 31
                && (long) number.abs().bitLength() * exponent.intValue() <= LONGEST_INTEGER_BITS;
        if (grows && !fits) {
            throw tooLarge();
        }
        return Values.narrow(number.pow(grows ? exponent.intValue() : smallestAlike(exponent)));
    }

    /** Returns the exponent that gives 0, 1 and -1 the same power. */
    private static int smallestAlike(BigInteger exponent) {
        return exponent.signum() == 0 ? 0 : exponent.testBit(0) ? 1 : 2;
    }

    public static Object negate(Object value) {
        return value instanceof Double number ? (Object) (-number) : subtract(0L, value);
    }

    private static Object compute(String operator, Object a, Object b, OnIntegers integers, OnFloats floats) {
        if (!isNumber(a) || !isNumber(b)) {
            if (a instanceof Undefined undefined) {
                throw undefined.error();
            }
            if (b instanceof Undefined undefined) {
                throw undefined.error();
            }
            throw new PythonError("unsupported operand type(s) for " + operator + ": '" + Values.typeName(a) + "' and '"
                    + Values.typeName(b) + "'");
        }
        BigInteger x = integer(a);
        BigInteger y = integer(b);
        if (integers == null || x == null || y == null) {
            return floats.apply(floating(a), floating(b));
        }
        BigInteger result = integers.apply(x, y);
        if (result.bitLength() > LONGEST_INTEGER_BITS) {
            throw tooLarge();
        }
        return Values.narrow(result);
    }

    private static PythonError tooLarge() {
        return new PythonError("an integer of more than " + LONGEST_INTEGER_BITS + " bits (expected: at most that)");
    }

    private static BigInteger floorDivide(BigInteger x, BigInteger y) {
        BigInteger[] parts = x.divideAndRemainder(y);
        boolean below = parts[1].signum() != 0 && parts[1].signum() != y.signum();
        return below ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static double modulo(double x, double y) {
        double rest = x % y;
        return rest != 0 && rest < 0 != y < 0 ? rest + y : rest;
    }

    private static BigInteger nonZero(BigInteger divisor) {
        if (divisor.signum() == 0) {
            throw new PythonError("integer division or modulo by zero");
        }
        return divisor;
    }

    private static double nonZero(double divisor, String message) {
        if (divisor == 0) {
            throw new PythonError(message);
        }
        return divisor;
    }

    private static List<Object> joined(List<?> a, List<?> b, Meter meter) {
        List<Object> all = Values.newList((long) a.size() + b.size(), meter);
        all.addAll(a);
        all.addAll(b);
        return Collections.unmodifiableList(all);
    }

    private static Object repeated(Object value, BigInteger times, Object given, Meter meter) {
        long count = times.bitLength() > 40 ? 1L << 40 : times.longValue();
        if (times.signum() <= 0) {
            count = 0;
        }
        if (value instanceof String text) {
            meter.text(text.length() * count);
            return text.repeat(text.isEmpty() ? 0 : (int) count);
        }
        if (value instanceof List<?> list) {
            return repeatedList(list, count, meter);
        }
        if (value instanceof Tuple tuple) {
            return new Tuple(repeatedList(tuple.items(), count, meter));
        }
        return compute("*", value, given, null, null);
    }

    private static List<Object> repeatedList(List<?> list, long count, Meter meter) {
        List<Object> all = Values.newList(list.size() * count, meter);
        for (long i = 0; i < count && !list.isEmpty(); i++) {
            all.addAll(list);
        }
        return Collections.unmodifiableList(all);
    }

    private interface OnIntegers {
        BigInteger apply(BigInteger a, BigInteger b);
    }

    private interface OnFloats {
        double apply(double a, double b);
    }
}
