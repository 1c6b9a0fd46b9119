package org.expertgrid.decoder.filters;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.expertgrid.decoder.python.Arguments;
import org.expertgrid.decoder.python.Arithmetic;
import org.expertgrid.decoder.python.Attributes;
import org.expertgrid.decoder.python.Comparison;
import org.expertgrid.decoder.python.Meter;
import org.expertgrid.decoder.python.Printing;
import org.expertgrid.decoder.python.PythonError;
import org.expertgrid.decoder.python.Texts;
import org.expertgrid.decoder.python.Tuple;
import org.expertgrid.decoder.python.Undefined;
import org.expertgrid.decoder.python.Values;

/** The filters that look at all elements of a value. */
final class SequenceFilters {
    private SequenceFilters() {}

    static void addTo(Map<String, Filter> filters) {
        Filter length = (value, arguments, meter) -> (long) Values.length(value);
        filters.put("length", length);
        filters.put("count", length);
        filters.put("list", (value, arguments, meter) -> copy(value, meter));
        filters.put("first", (value, arguments, meter) -> end(value, true, meter));
        filters.put("last", (value, arguments, meter) -> end(value, false, meter));
        filters.put("join", SequenceFilters::joined);
        filters.put("sum", SequenceFilters::sum);
        filters.put("sort", (value, arguments, meter) -> {
            Arguments.Bound bound = arguments.bind("reverse", "case_sensitive", "attribute");
            Key key = Key.of(bound.value(2, null), bound.truth(1, false), meter);
            return sorted(copy(value, meter), key, bound.truth(0, false), meter);
        });
        filters.put("unique", SequenceFilters::unique);
        filters.put("reverse", SequenceFilters::reversed);
        filters.put("min", (value, arguments, meter) -> extreme(value, arguments, 1, meter));
        filters.put("max", (value, arguments, meter) -> extreme(value, arguments, -1, meter));
        filters.put("items", SequenceFilters::items);
        filters.put("dictsort", SequenceFilters::dictSorted);
        filters.put("groupby", SequenceFilters::grouped);
        filters.put("batch", SequenceFilters::batches);
    }

    /** The key by which elements are compared. */
    @FunctionalInterface
    interface Key {
        Object of(Object element);

        /** Returns the key that is an attribute, or the element itself if {@code path} is null; letters' case counts if asked for. */
        static Key of(Object path, boolean caseSensitive, Meter meter) {
            return element -> {
                Object value = path == null ? element : attribute(element, path);
                if (!(value instanceof String text) || caseSensitive) {
                    return value;
                }
                meter.text(text.length());
                return text.toLowerCase(Locale.ROOT);
            };
        }
    }

    /** Returns what a path such as {@code function.name} or an index leads to. */
    static Object attribute(Object element, Object path) {
        return attribute(element, path, null);
    }

    /** Returns the same, but {@code otherwise}, unless that is null, for each part of the path that leads to nothing. */
    static Object attribute(Object element, Object path, Object otherwise) {
        Object value = element;
        for (Object key : path instanceof String names ? names.split("\\.") : new Object[] {path}) {
            boolean index = key instanceof String name && name.matches("[0-9]{1,9}");
            value = Attributes.item(value, index ? (Object) Long.parseLong((String) key) : key);
            value = value instanceof Undefined && otherwise != null ? otherwise : value;
        }
        return value;
    }

    private static List<Object> copy(Object value, Meter meter) {
        List<Object> elements = Values.elements(value, meter);
        List<Object> copy = Values.newList(elements.size(), meter);
        copy.addAll(elements);
        return copy;
    }

    private static Object end(Object value, boolean first, Meter meter) {
        List<Object> elements = Values.elements(value, meter);
        if (elements.isEmpty()) {
            return new Undefined("No " + (first ? "first" : "last") + " item, sequence was empty.");
        }
        return elements.get(first ? 0 : elements.size() - 1);
    }

    private static Object joined(Object value, Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("d", "attribute");
        List<Object> texts = new ArrayList<>();
        for (Object element : Values.elements(value, meter)) {
            Object part = bound.value(1, null) == null ? element : attribute(element, bound.value(1));
            meter.list(1);
            texts.add(Printing.str(part, meter));
        }
        return Texts.joined(Printing.str(bound.value(0, ""), meter), texts, meter);
    }

    private static Object sum(Object value, Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("attribute", "start");
        Object sum = bound.value(1, 0L);
        for (Object element : Values.elements(value, meter)) {
            meter.step();
            sum = Arithmetic.add(
                    sum, bound.value(0, null) == null ? element : attribute(element, bound.value(0)), meter);
        }
        return sum;
    }

    private static List<Object> sorted(List<Object> elements, Key key, boolean reverse, Meter meter) {
        Comparator<Object> order = (a, b) -> Comparison.compare(key.of(a), key.of(b), "<", meter);
        elements.sort(reverse ? order.reversed() : order);
        return Collections.unmodifiableList(elements);
    }

    private static Object unique(Object value, Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("case_sensitive", "attribute");
        Key key = Key.of(bound.value(1, null), bound.truth(0, false), meter);
        List<Object> seen = new ArrayList<>();
        List<Object> unique = new ArrayList<>();
        for (Object element : Values.elements(value, meter)) {
            Object keyOfIt = key.of(element);
            if (!Comparison.contains(seen, keyOfIt, meter)) {
                meter.list(2);
                seen.add(keyOfIt);
                unique.add(element);
            }
        }
        return Collections.unmodifiableList(unique);
    }

    private static Object reversed(Object value, Arguments arguments, Meter meter) {
        arguments.bind();
        if (value instanceof String text) {
            meter.text(text.length());
            return new StringBuilder(text).reverse().toString();
        }
        List<Object> elements = copy(value, meter);
        Collections.reverse(elements);
        return Collections.unmodifiableList(elements);
    }

    private static Object extreme(Object value, Arguments arguments, int sign, Meter meter) {
        Arguments.Bound bound = arguments.bind("case_sensitive", "attribute");
        Key key = Key.of(bound.value(1, null), bound.truth(0, false), meter);
        List<Object> elements = Values.elements(value, meter);
        if (elements.isEmpty()) {
            return new Undefined("No aggregated item, sequence was empty.");
        }
        Object best = elements.get(0);
        for (Object element : elements) {
            best = sign * Comparison.compare(key.of(element), key.of(best), "<", meter) < 0 ? element : best;
        }
        return best;
    }

    private static Object items(Object value, Arguments arguments, Meter meter) {
        arguments.bind();
        if (value instanceof Undefined) {
            return List.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new PythonError("Can only get item pairs from a mapping.");
        }
        return pairs(map, meter);
    }

    private static List<Object> pairs(Map<?, ?> map, Meter meter) {
        List<Object> pairs = Values.newList(4L * map.size(), meter);
        map.forEach((key, value) -> pairs.add(pair(key, value)));
        return pairs;
    }

    private static Tuple pair(Object first, Object second) {
        List<Object> both = new ArrayList<>(2);
        both.add(first);
        both.add(second);
        return new Tuple(Collections.unmodifiableList(both));
    }

    private static Object dictSorted(Object value, Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("case_sensitive", "by", "reverse");
        String by = bound.text(1, "key");
        if (!by.equals("key") && !by.equals("value")) {
            throw new PythonError("You can only sort by either \"key\" or \"value\"");
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new PythonError("'" + Values.typeName(value) + " object' has no attribute 'items'");
        }
        Key key = Key.of(by.equals("key") ? 0L : 1L, bound.truth(0, false), meter);
        return sorted(pairs(map, meter), key, bound.truth(2, false), meter);
    }

    private static Object grouped(Object value, Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("attribute", "default", "case_sensitive");
        Object path = bound.value(0);
        Key raw = element -> attribute(element, path, bound.value(1, null));
        boolean caseSensitive = bound.truth(2, false);
        Key folded = Key.of(null, caseSensitive, meter);
        Key key = element -> folded.of(raw.of(element));
        List<Object> groups = new ArrayList<>();
        List<Object> group = null;
        Object last = null;
        for (Object element : sorted(copy(value, meter), key, false, meter)) {
            Object current = key.of(element);
            if (group == null || !Comparison.equal(current, last, meter)) {
                group = new ArrayList<>();
                groups.add(pair(raw.of(element), group));
            }
            meter.list(2);
            group.add(element);
            last = current;
        }
        return Collections.unmodifiableList(groups);
    }

    private static Object batches(Object value, Arguments arguments, Meter meter) {
        Arguments.Bound bound = arguments.bind("linecount", "fill_with");
        bound.value(0);
        int size = Math.max(1, bound.integer(0, 1));
        List<Object> batches = new ArrayList<>();
        List<Object> elements = copy(value, meter);
        for (int from = 0; from < elements.size(); from += Math.min(size, elements.size())) {
            List<Object> batch = new ArrayList<>(elements.subList(from, Math.min(elements.size(), from + size)));
            int missing = bound.value(1, null) == null ? 0 : size - batch.size();
            meter.list(batch.size() + (long) missing);
            batch.addAll(Collections.nCopies(missing, bound.value(1, null)));
            batches.add(Collections.unmodifiableList(batch));
        }
        return Collections.unmodifiableList(batches);
    }
}
