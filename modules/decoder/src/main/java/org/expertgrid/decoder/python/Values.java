package org.expertgrid.decoder.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which Java objects stand for Python's values, and what all values have in common.
 *
 * <pre>
 *   None   bool      int                 float    str      list   tuple   dict
 *   null   Boolean   Long, BigInteger    Double   String   List   Tuple   Map    and Undefined, Namespace, Callable, Attributed
 * </pre>
 *
 * An int is a Long whenever it fits. Lists and mappings are never changed. Texts are counted in code points, as in Python.
 */
public final class Values {
    private static final int DEEPEST = 100;
    private static final BigInteger LEAST_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger GREATEST_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    private Values() {}

    /**
     * Returns the value for what a reader of JSON makes: null, booleans, numbers, texts, lists, and mappings whose keys are texts.
     *
     * @param name what it is, for messages
     * @throws IllegalArgumentException if there is anything else in it, or if it is nested too deeply
     */
    public static Object of(String name, Object java) {
        return of(name, java, 0);
    }

    private static Object of(String name, Object java, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(
                    name + ": nested deeper than " + DEEPEST + " levels (expected: at most that)");
        }
        if (java == null || java instanceof Boolean) {
            return java;
        }
        if (java instanceof CharSequence text) {
            return text.toString();
        }
        if (java instanceof Double || java instanceof Float || java instanceof BigDecimal) {
            return ((Number) java).doubleValue();
        }
        if (java instanceof BigInteger big) {
            return narrow(big);
        }
        if (java instanceof Long || java instanceof Integer || java instanceof Short || java instanceof Byte) {
            return ((Number) java).longValue();
        }
        if (java instanceof Collection<?> collection) {
            List<Object> list = new ArrayList<>(collection.size());
            collection.forEach(element -> list.add(of(name, element, depth + 1)));
            return Collections.unmodifiableList(list);
        }
        if (java instanceof Map<?, ?> map) {
            Map<Object, Object> dict = new LinkedHashMap<>();
            map.forEach((key, value) -> dict.put(key(name, key), of(name + "." + key, value, depth + 1)));
            return Collections.unmodifiableMap(dict);
        }
        throw new IllegalArgumentException(name + ": a " + java.getClass().getName()
                + " (expected: null, a boolean, a number, a text, a list or a mapping)");
    }

    private static String key(String name, Object key) {
        if (key instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(name + ": the key " + key + " (expected: a text)");
    }

    static Object narrow(BigInteger integer) {
        boolean fits = integer.compareTo(LEAST_LONG) >= 0 && integer.compareTo(GREATEST_LONG) <= 0;
        return fits ? (Object) integer.longValue() : integer;
    }

    /** Returns whether Python takes the value for true. */
    public static boolean truth(Object value) {
        if (value == null || value instanceof Undefined) {
            return false;
        }
        if (value instanceof Boolean bool) {
            return bool;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        return !isSized(value) || length(value) > 0;
    }

    /** Returns the name of the value's type in Python. */
    public static String typeName(Object value) {
        if (value == null) {
            return "NoneType";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Long || value instanceof BigInteger) {
            return "int";
        }
        if (value instanceof Double) {
            return "float";
        }
        if (value instanceof String) {
            return "str";
        }
        if (value instanceof List) {
            return "list";
        }
        if (value instanceof Tuple) {
            return "tuple";
        }
        if (value instanceof Map) {
            return "dict";
        }
        return value instanceof Callable ? "function" : value.getClass().getSimpleName();
    }

    /** Tells whether the value has a length and elements. */
    public static boolean isSized(Object value) {
        return value instanceof String
                || value instanceof List
                || value instanceof Tuple
                || value instanceof Map
                || value instanceof Undefined;
    }

    /** Returns how many elements the value has. */
    public static int length(Object value) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        }
        if (value instanceof List<?> list) {
            return list.size();
        }
        if (value instanceof Tuple tuple) {
            return tuple.items().size();
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        throw new PythonError("object of type '" + typeName(value) + "' has no len()");
    }

    /** Returns what a loop over the value sees: elements, characters, or keys. */
    @SuppressWarnings("unchecked")
    public static List<Object> elements(Object value, Meter meter) {
        if (value instanceof List<?> list) {
            return (List<Object>) list;
        }
        if (value instanceof Tuple tuple) {
            return tuple.items();
        }
        if (value instanceof Map<?, ?> map) {
            meter.list(map.size());
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String text) {
            meter.list(4L * text.length());
            List<Object> characters = new ArrayList<>(text.length());
            text.codePoints().forEach(point -> characters.add(Character.toString(point)));
            return characters;
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw new PythonError("'" + typeName(value) + "' object is not iterable");
    }

    /** Returns an empty list to fill with that many elements. */
    public static List<Object> newList(long elements, Meter meter) {
        meter.list(elements);
        return new ArrayList<>((int) elements);
    }
}
