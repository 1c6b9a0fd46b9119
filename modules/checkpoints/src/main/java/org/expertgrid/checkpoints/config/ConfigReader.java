package org.expertgrid.checkpoints.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.expertgrid.experts.errors.BadFileException;

/**
 * Takes typed values out of a {@link Config}. A value that is missing or wrong is noted, and the call returns something of the right type;
 * {@link #throwIfAny} then throws one exception that names all of it. A null counts as missing.
 *
 * <p>For one thread.
 */
public final class ConfigReader {
    /** More than any model has; what is kept for each layer must not depend on a number that a file claims. */
    private static final int MOST_LAYERS = 10_000;
    /** More than any size in a model; what is reserved must not depend on a number that a file claims. */
    private static final int LARGEST_SIZE = 1 << 28;

    private final Path file;
    private final String prefix;
    private final Map<?, ?> values;
    private final Set<String> problems;

    ConfigReader(Path file, Map<?, ?> values) {
        this(file, "", values, new LinkedHashSet<>());
    }

    private ConfigReader(Path file, String prefix, Map<?, ?> values, Set<String> problems) {
        this.file = file;
        this.prefix = prefix;
        this.values = values;
        this.problems = problems;
    }

    /** Returns whether there is a value of that name that is not null. */
    public boolean has(String name) {
        return values.get(name) != null;
    }

    /** Returns whether there is a value of that name that is null, which some configs tell from a missing one. */
    public boolean isNull(String name) {
        return values.containsKey(name) && values.get(name) == null;
    }

    /** Returns an integer from 1 to {@value #LARGEST_SIZE}; 1 where it is wrong. */
    public int size(String name) {
        return checkedSize(name, integer(name, null, 1));
    }

    /** Returns an integer from 1 to {@value #LARGEST_SIZE}, or the given one where there is none. */
    public int size(String name, int otherwise) {
        return checkedSize(name, integer(name, otherwise, 1));
    }

    private int checkedSize(String name, int size) {
        expect(size <= LARGEST_SIZE, name, "at most " + LARGEST_SIZE);
        return size <= LARGEST_SIZE ? size : 1;
    }

    /** Returns an integer from 0 on. */
    public int count(String name) {
        return integer(name, null, 0);
    }

    /** Returns an integer from 0 on, or the given one where there is none. */
    public int count(String name, int otherwise) {
        return integer(name, otherwise, 0);
    }

    /** Returns any integer, or the given one where there is none. */
    public int integer(String name, int otherwise) {
        return integer(name, otherwise, Integer.MIN_VALUE);
    }

    /** Returns a number of layers, from 1 to {@value #MOST_LAYERS}; 1 where it is wrong. */
    public int layers(String name) {
        int layers = integer(name, null, 1);
        expect(layers <= MOST_LAYERS, name, "at most " + MOST_LAYERS);
        return Math.min(layers, MOST_LAYERS);
    }

    private int integer(String name, Integer otherwise, int least) {
        Object value = values.get(name);
        if (value == null && otherwise != null) {
            return otherwise;
        }
        if (value instanceof Number number && number.doubleValue() == number.intValue() && number.intValue() >= least) {
            return number.intValue();
        }
        String range = least == Integer.MIN_VALUE ? "" : " of at least " + least;
        problem(name, value, "an integer" + range);
        return Math.max(least, 1);
    }

    /** Returns a number that is finite, or the given one where there is none. */
    public double number(String name, double otherwise) {
        Object value = values.get(name);
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        if (value != null) {
            problem(name, value, "a number");
        }
        return otherwise;
    }

    /** Returns a number that is finite. */
    public double number(String name) {
        expect(has(name), name, "a number");
        return number(name, 1.0);
    }

    /** Returns a boolean, or the given one where there is none. */
    public boolean flag(String name, boolean otherwise) {
        Object value = values.get(name);
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value != null) {
            problem(name, value, "true or false");
        }
        return otherwise;
    }

    /** Returns a boolean, or whether there is a number that is not 0: published configs have either for the same name. */
    public boolean flagOrNumber(String name) {
        return values.get(name) instanceof Number ? number(name) != 0 : flag(name, false);
    }

    /** Returns a text, or the given one where there is none. */
    public String text(String name, String otherwise) {
        Object value = values.get(name);
        if (value instanceof String text) {
            return text;
        }
        if (value != null) {
            problem(name, value, "a text");
        }
        return otherwise;
    }

    /** Returns a list of integers; an empty one where there is none. */
    public List<Integer> integers(String name) {
        List<Integer> integers = new ArrayList<>();
        Object value = values.get(name);
        if (value instanceof List<?> list) {
            list.forEach(element -> integers.add(element instanceof Integer integer ? integer : null));
        }
        if (value != null && !(value instanceof List<?>) || integers.contains(null)) {
            problem(name, value, "a list of integers");
            return List.of();
        }
        return integers;
    }

    /** Returns a list of {@code length} values of one type; nothing where it is missing, empty or wrong. */
    public <T> Optional<List<T>> list(String name, Class<T> type, int length) {
        Object value = values.get(name);
        if (value == null || value instanceof List<?> none && none.isEmpty()) {
            return Optional.empty();
        }
        if (value instanceof List<?> list
                && list.size() == length
                && list.stream().allMatch(type::isInstance)) {
            return Optional.of(list.stream().map(type::cast).toList());
        }
        problem(name, value, "a list of " + length + " of " + type.getSimpleName());
        return Optional.empty();
    }

    /** Returns a reader of the object of that name, which notes problems here; an empty object where there is none. */
    public ConfigReader object(String name) {
        Object value = values.get(name);
        if (value != null && !(value instanceof Map<?, ?>)) {
            problem(name, value, "an object");
        }
        Map<?, ?> nested = value instanceof Map<?, ?> map ? map : Map.of();
        return new ConfigReader(file, prefix + name + ".", nested, problems);
    }

    /** Notes that a value is not what it has to be, unless {@code holds}. */
    public void expect(boolean holds, String name, String expectation) {
        if (!holds) {
            problem(name, values.get(name), expectation);
        }
    }

    /** Notes that what was found under a name is not what it has to be, unless {@code holds}. */
    public void expect(boolean holds, String name, Object found, String expectation) {
        if (!holds) {
            problem(name, found, expectation);
        }
    }

    private void problem(String name, Object value, String expectation) {
        String found = value == null ? "missing" : BadFileException.excerpt(value.toString());
        problems.add(prefix + name + ": " + found + " (expected: " + expectation + ")");
    }

    /** Throws a {@link BadFileException} that names every problem; does nothing if there are none. */
    public void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new BadFileException(file + ": " + String.join("; ", problems));
        }
    }
}
