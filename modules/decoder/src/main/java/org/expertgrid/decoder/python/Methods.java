package org.expertgrid.decoder.python;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods of texts, mappings and lists that change nothing. */
final class Methods {
    private static final Set<String> THAT_CHANGE_A_LIST =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");
    private static final Set<String> THAT_CHANGE_A_DICT = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private Methods() {}

    /** Returns the method, bound to its owner, or null if the owner's type has none of that name. */
    static Callable of(Object owner, String name) {
        if (owner instanceof String text) {
            TextMethods.Method method = TextMethods.named(name);
            return method == null ? null : (arguments, meter) -> method.call(text, arguments, meter);
        }
        if (owner instanceof Map<?, ?> map) {
            return ofDict(map, name);
        }
        if (owner instanceof List<?> list) {
            return THAT_CHANGE_A_LIST.contains(name) ? refused("list", name) : ofList(list, list, name);
        }
        return owner instanceof Tuple tuple && !name.equals("copy") ? ofList(tuple, tuple.items(), name) : null;
    }

    private static Callable ofDict(Map<?, ?> map, String name) {
        if (THAT_CHANGE_A_DICT.contains(name)) {
            // A mapping may well have an element of that name.
            return map.containsKey(name) ? null : refused("dict", name);
        }
        return switch (name) {
            case "get" ->
                (arguments, meter) -> {
                    Arguments.Bound bound = arguments.bind("key", "default");
                    Object key = bound.value(0);
                    return Comparison.isKey(key) && map.containsKey(key) ? map.get(key) : bound.value(1, null);
                };
            case "keys" ->
                (arguments, meter) -> {
                    arguments.bind();
                    return Values.elements(map, meter);
                };
            case "values" ->
                (arguments, meter) -> {
                    arguments.bind();
                    return values(map, meter);
                };
            case "items" ->
                (arguments, meter) -> {
                    arguments.bind();
                    return items(map, meter);
                };
            case "copy" ->
                (arguments, meter) -> {
                    arguments.bind();
                    meter.list(2L * map.size());
                    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
                };
            default -> null;
        };
    }

    private static List<Object> values(Map<?, ?> map, Meter meter) {
        List<Object> values = Values.newList(map.size(), meter);
        values.addAll(map.values());
        return values;
    }

    /** Returns a mapping's pairs of key and value. */
    static List<Object> items(Map<?, ?> map, Meter meter) {
        List<Object> items = Values.newList(4L * map.size(), meter);
        map.forEach((key, value) -> items.add(new Tuple(pair(key, value))));
        return items;
    }

    private static List<Object> pair(Object key, Object value) {
        return Collections.unmodifiableList(Arrays.asList(key, value));
    }

    private static Callable ofList(Object owner, List<?> list, String name) {
        return switch (name) {
            case "count" ->
                (arguments, meter) -> {
                    Object wanted = arguments.bind("value").value(0);
                    return list.stream()
                            .filter(element -> Comparison.equal(element, wanted, meter))
                            .count();
                };
            case "index" ->
                (arguments, meter) -> {
                    Object wanted = arguments.bind("value").value(0);
                    for (int i = 0; i < list.size(); i++) {
                        if (Comparison.equal(list.get(i), wanted, meter)) {
                            return (long) i;
                        }
                    }
                    throw new PythonError(Printing.repr(wanted, meter) + " is not in " + Values.typeName(owner));
                };
            case "copy" ->
                (arguments, meter) -> {
                    arguments.bind();
                    return owner;
                };
            default -> null;
        };
    }

    private static Callable refused(String type, String name) {
        return (arguments, meter) -> {
            throw new PythonError("access to attribute '" + name + "' of '" + type
                    + "' object is unsafe. A template changes no value but a namespace.");
        };
    }
}
