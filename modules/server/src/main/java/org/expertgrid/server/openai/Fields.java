package org.expertgrid.server.openai;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the fields of one JSON object and collects what is wrong with them, so that one answer names it all. A field that is null counts as
 * absent. {@link #finish} refuses fields that nothing has asked for. For one thread.
 */
public final class Fields {
    private static final int LONGEST_VALUE = 60;

    private final Map<String, ?> values;
    private final String path;
    private final List<Problem> problems;
    private final Set<String> known = new HashSet<>();

    private record Problem(String field, String text) {}

    private Fields(Map<String, ?> values, String path, List<Problem> problems) {
        this.values = values;
        this.path = path;
        this.problems = problems;
    }

    /** Reads the object that a request's body is. */
    public static Fields of(Map<String, ?> body) {
        return new Fields(body, "", new ArrayList<>());
    }

    /** Returns the names of all fields that have a value. */
    public Set<String> names() {
        Set<String> names = new HashSet<>();
        values.forEach((name, value) -> {
            if (value != null) {
                names.add(name);
            }
        });
        return names;
    }

    /** Says that these fields are known and change nothing. */
    public void ignore(Collection<String> names) {
        known.addAll(names);
    }

    /** Returns a field as it came, or null. */
    public Object value(String name) {
        known.add(name);
        return values.get(name);
    }

    /** Returns a field, if it is there and is a text. */
    public Optional<String> text(String name) {
        return typed(name, String.class, "a string");
    }

    /** Returns a field, or false where it is absent. */
    public boolean flag(String name) {
        return typed(name, Boolean.class, "true or false").orElse(false);
    }

    /** Returns a number, if it is there and within these bounds. */
    public OptionalDouble number(String name, double least, double most) {
        Optional<Number> number = typed(name, Number.class, "a number");
        if (number.isEmpty()) {
            return OptionalDouble.empty();
        }
        double value = number.get().doubleValue();
        if (!(value >= least && value <= most)) {
            problem(name, number.get(), "a number " + range(least, most));
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(value);
    }

    private static String range(double least, double most) {
        String from = least == Double.MIN_VALUE ? "above 0" : "from " + written(least);
        return most == Double.MAX_VALUE ? from + " on" : from + " to " + written(most);
    }

    private static String written(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    /** Returns an integer, if it is there and within these bounds. */
    public OptionalInt integer(String name, int least, int most) {
        Object value = value(name);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!(value instanceof Integer integer) || integer < least || integer > most) {
            String bound = most == Integer.MAX_VALUE ? "from " + least + " on" : "from " + least + " to " + most;
            problem(name, value, "an integer " + bound);
            return OptionalInt.empty();
        }
        return OptionalInt.of(integer);
    }

    /** Returns an integer of at most 64 bits, if it is there. */
    public OptionalLong integer(String name) {
        Object value = value(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Integer || value instanceof Long) {
            return OptionalLong.of(((Number) value).longValue());
        }
        problem(name, value, value instanceof BigInteger ? "an integer of 64 bits" : "an integer");
        return OptionalLong.empty();
    }

    /** Returns a list, or an empty one where it is absent. */
    public List<?> list(String name) {
        return typed(name, List.class, "an array").orElse(List.of());
    }

    /** Returns the object in a field, to be read in its turn. */
    public Optional<Fields> object(String name) {
        Object value = value(name);
        if (value instanceof Map<?, ?> object) {
            return Optional.of(within(name, object));
        }
        if (value != null) {
            problem(name, value, "an object");
        }
        return Optional.empty();
    }

    /** Returns the objects in a field, each to be read in its turn; an empty list where it is absent. */
    public List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        List<?> list = list(name);
        for (int i = 0; i < list.size(); i++) {
            String place = name + "[" + i + "]";
            if (list.get(i) instanceof Map<?, ?> object) {
                objects.add(within(place, object));
            } else {
                problem(place, list.get(i), "an object");
            }
        }
        return objects;
    }

    @SuppressWarnings("unchecked") // the names of JSON's objects are strings
    private Fields within(String place, Map<?, ?> object) {
        return new Fields((Map<String, ?>) object, path + place + ".", problems);
    }

    /** Returns the values as they came. */
    public Map<String, ?> values() {
        known.addAll(values.keySet());
        return values;
    }

    private <T> Optional<T> typed(String name, Class<T> type, String expectation) {
        Object value = value(name);
        if (value == null || type.isInstance(value)) {
            return Optional.ofNullable(type.cast(value));
        }
        problem(name, value, expectation);
        return Optional.empty();
    }

    /** Says that a field must be there, and is not. */
    public void missing(String name, String expectation) {
        known.add(name);
        problems.add(new Problem(path + name, path + name + ": missing (expected: " + expectation + ")"));
    }

    /** Says that a field has a value that it must not have. */
    public void problem(String name, Object value, String expectation) {
        String given = value instanceof String ? "'" + value + "'" : Json.text(value);
        if (given.length() > LONGEST_VALUE) {
            given = given.substring(0, LONGEST_VALUE) + "…";
        }
        problems.add(new Problem(path + name, path + name + ": " + given + " (expected: " + expectation + ")"));
    }

    /** Refuses a field that this server has no way to follow, unless it has one of the values that ask for nothing. */
    public void unsupported(String name, Object... harmless) {
        Object value = value(name);
        if (value != null && !Arrays.asList(harmless).contains(value)) {
            String allowed = harmless.length == 0 ? "" : Json.text(harmless[0]) + " or ";
            problem(name, value, allowed + "no such field, because the server does not support it");
        }
    }

    /** Adds every field that nothing has asked for to what is wrong. */
    public void refuseOthers() {
        names().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .forEach(name ->
                        problem(name, values.get(name), "no field of this name, because the server does not know it"));
    }

    /**
     * Ends reading.
     *
     * @throws ApiException that names everything that is wrong, if something is
     */
    public void finish() {
        refuseOthers();
        if (!problems.isEmpty()) {
            List<String> texts = problems.stream().map(Problem::text).toList();
            throw ApiException.badRequest(
                    String.join("; ", texts), problems.get(0).field(), null);
        }
    }
}
