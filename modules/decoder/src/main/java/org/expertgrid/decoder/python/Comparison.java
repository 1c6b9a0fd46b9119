package org.expertgrid.decoder.python;

import static org.expertgrid.decoder.python.Arithmetic.floating;
import static org.expertgrid.decoder.python.Arithmetic.integer;
import static org.expertgrid.decoder.python.Arithmetic.isNumber;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's {@code ==}, {@code <} and {@code in}. */
public final class Comparison {
    private Comparison() {}

    /** Returns whether Python takes the two for equal. */
    public static boolean equal(Object a, Object b, Meter meter) {
        meter.enter();
        try {
            if (a instanceof String text && b instanceof String other) {
                meter.search(text.length() == other.length() ? text.length() : 0, 0);
                return text.equals(other);
            }
            if (isNumber(a) && isNumber(b)) {
                return !isNan(a) && !isNan(b) && compareNumbers(a, b) == 0;
            }
            if (a instanceof List<?> list && b instanceof List<?> other) {
                return equalLists(list, other, meter);
            }
            if (a instanceof Tuple tuple && b instanceof Tuple other) {
                return equalLists(tuple.items(), other.items(), meter);
            }
            if (a instanceof Map<?, ?> map && b instanceof Map<?, ?> other) {
                return equalMaps(map, other, meter);
            }
            return a == b || a instanceof Undefined && b instanceof Undefined;
        } finally {
            meter.leave();
        }
    }

    private static boolean equalLists(List<?> a, List<?> b, Meter meter) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<?> others = b.iterator();
        for (Object element : a) {
            if (!equal(element, others.next(), meter)) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b, Meter meter) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            if (!b.containsKey(entry.getKey()) || !equal(entry.getValue(), b.get(entry.getKey()), meter)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the sign of {@code a - b}.
     *
     * @param operator how the comparison is written, for the message
     * @throws PythonError if Python does not order the two
     */
    public static int compare(Object a, Object b, String operator, Meter meter) {
        meter.step();
        if (a instanceof String text && b instanceof String other) {
            meter.search(Math.min(text.length(), other.length()), 0);
            return compareTexts(text, other);
        }
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b);
        }
        List<?> as = orderedElements(a);
        List<?> bs = orderedElements(b);
        if (as != null && bs != null && a instanceof Tuple == b instanceof Tuple) {
            return compareLists(as, bs, operator, meter);
        }
        if (a instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (b instanceof Undefined undefined) {
            throw undefined.error();
        }
        throw new PythonError("'" + operator + "' not supported between instances of '" + Values.typeName(a) + "' and '"
                + Values.typeName(b) + "'");
    }

    /** Tells whether the value is a float that equals nothing. */
    public static boolean isNan(Object value) {
        return value instanceof Double number && number.isNaN();
    }

    /** Tells whether the value can be a key of a mapping. Tuples cannot, unlike in Python. */
    public static boolean isKey(Object value) {
        return value == null || value instanceof String || isNumber(value);
    }

    private static List<?> orderedElements(Object value) {
        return value instanceof List<?> list ? list : value instanceof Tuple tuple ? tuple.items() : null;
    }

    private static int compareLists(List<?> a, List<?> b, String operator, Meter meter) {
        meter.enter();
        try {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!equal(a.get(i), b.get(i), meter)) {
                    return compare(a.get(i), b.get(i), operator, meter);
                }
            }
            return Integer.compare(a.size(), b.size());
        } finally {
            meter.leave();
        }
    }

    /** Compares by code points, where Java's own comparison goes by UTF-16 units. */
    private static int compareTexts(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int x = a.codePointAt(i);
            int y = b.codePointAt(i);
            if (x != y) {
                return Integer.compare(x, y);
            }
            i += Character.charCount(x);
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int compareNumbers(Object a, Object b) {
        BigInteger x = integer(a);
        BigInteger y = integer(b);
        if (x != null && y != null) {
            return x.compareTo(y);
        }
        double p = floating(a);
        double q = floating(b);
        boolean exact = Double.isFinite(p) && Double.isFinite(q);
        return exact ? decimal(a).compareTo(decimal(b)) : Double.compare(p, q);
    }

    private static BigDecimal decimal(Object number) {
        BigInteger integer = integer(number);
        return integer != null ? new BigDecimal(integer) : new BigDecimal((Double) number);
    }

    /** Returns {@code item in container}. */
    public static boolean contains(Object container, Object item, Meter meter) {
        if (container instanceof String text) {
            if (item instanceof String part) {
                meter.search(text.length(), part.length());
                return text.contains(part);
            }
            if (item instanceof Undefined undefined) {
                throw undefined.error();
            }
            throw new PythonError("'in <string>' requires string as left operand, not " + Values.typeName(item));
        }
        if (container instanceof Map<?, ?> map) {
            return isKey(item) && map.containsKey(item);
        }
        if (!Values.isSized(container)) {
            throw new PythonError("argument of type '" + Values.typeName(container) + "' is not iterable");
        }
        for (Object element : Values.elements(container, meter)) {
            if (equal(element, item, meter)) {
                return true;
            }
        }
        return false;
    }
}
