package org.expertgrid.decoder.python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Evaluates {@code value.name}, {@code value[key]} and {@code value[from:to:step]}. */
public final class Attributes {
    private static final BigInteger MOST = BigInteger.valueOf(Integer.MAX_VALUE);

    private Attributes() {}

    /** Returns {@code owner.name}: a method, else the element with that key, else {@link Undefined}. */
    public static Object attribute(Object owner, String name) {
        if (owner instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (owner instanceof Attributed attributed) {
            return attributed.attribute(name);
        }
        Callable method = Methods.of(owner, name);
        return method != null ? method : element(owner, name);
    }

    /** Returns {@code owner[key]}: the element with that key, else a method of that name, else {@link Undefined}. */
    public static Object item(Object owner, Object key) {
        if (owner instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (key instanceof String name && owner instanceof Attributed attributed) {
            return attributed.attribute(name);
        }
        Object element = element(owner, key);
        Callable method = element instanceof Undefined && key instanceof String name ? Methods.of(owner, name) : null;
        return method != null ? method : element;
    }

    private static Object element(Object owner, Object key) {
        if (owner instanceof Map<?, ?> map) {
            return Comparison.isKey(key) && map.containsKey(key) ? map.get(key) : Undefined.in(owner, key);
        }
        BigInteger index = Arithmetic.integer(key);
        if (index == null || !Values.isSized(owner)) {
            return Undefined.in(owner, key);
        }
        int length = Values.length(owner);
        BigInteger place = index.signum() < 0 ? index.add(BigInteger.valueOf(length)) : index;
        if (place.signum() < 0 || place.compareTo(BigInteger.valueOf(length)) >= 0) {
            return Undefined.in(owner, key);
        }
        int i = place.intValue();
        if (owner instanceof String text) {
            return Character.toString(text.codePointAt(text.offsetByCodePoints(0, i)));
        }
        return owner instanceof Tuple tuple ? tuple.items().get(i) : ((List<?>) owner).get(i);
    }

    /** Returns {@code owner[from:to:step]}; None, which is null, stands for a bound that is left out. */
    public static Object slice(Object owner, Object from, Object to, Object step, Meter meter) {
        if (owner instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (!Values.isSized(owner) || owner instanceof Map) {
            throw new PythonError("'" + Values.typeName(owner) + "' object is not subscriptable");
        }
        int stride = step == null ? 1 : bound(step);
        if (stride == 0) {
            throw new PythonError("slice step cannot be zero");
        }
        int length = Values.length(owner);
        int first = from == null ? (stride > 0 ? 0 : length - 1) : place(bound(from), length, stride);
        int last = to == null ? (stride > 0 ? length : -1) : place(bound(to), length, stride);
        if (owner instanceof String text) {
            return sliceText(text, first, last, stride, meter);
        }
        List<Object> all = Values.elements(owner, meter);
        List<Object> chosen = new ArrayList<>();
        meter.list(length);
        for (long i = first; stride > 0 ? i < last : i > last; i += stride) {
            chosen.add(all.get((int) i));
        }
        List<Object> slice = Collections.unmodifiableList(chosen);
        return owner instanceof Tuple ? new Tuple(slice) : slice;
    }

    private static String sliceText(String text, int first, int last, int stride, Meter meter) {
        meter.text(text.length());
        if (stride == 1) {
            return first >= last
                    ? ""
                    : text.substring(text.offsetByCodePoints(0, first), text.offsetByCodePoints(0, last));
        }
        meter.text(2L * text.length());
        int[] points = text.codePoints().toArray();
        StringBuilder out = new StringBuilder();
        for (long i = first; stride > 0 ? i < last : i > last; i += stride) {
            out.appendCodePoint(points[(int) i]);
        }
        return out.toString();
    }

    private static int bound(Object value) {
        BigInteger integer = Arithmetic.integer(value);
        if (integer == null) {
            throw new PythonError("slice indices must be integers or None, not " + Values.typeName(value));
        }
        return integer.min(MOST).max(MOST.negate()).intValue();
    }

    /** Returns the index that a bound stands for, moved to the nearest end if it lies outside. */
    private static int place(int bound, int length, int stride) {
        int lowest = stride > 0 ? 0 : -1;
        int index = bound < 0 ? bound + length : bound;
        return Math.max(lowest, Math.min(index, stride > 0 ? length : length - 1));
    }
}
