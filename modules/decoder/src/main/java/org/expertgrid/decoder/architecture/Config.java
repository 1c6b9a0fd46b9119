package org.expertgrid.decoder.architecture;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.expertgrid.experts.errors.Problems;

/**
 * Reads {@code config.json} or an object in it. A field that is missing or of another type becomes a problem, and a value that lets reading
 * go on takes its place. A field that is null counts as missing.
 */
final class Config {
    private static final int MOST = 1 << 28;

    private final String path;
    private final Map<?, ?> fields;
    private final Problems problems;

    Config(String path, Map<?, ?> fields, Problems problems) {
        this.path = path;
        this.fields = fields;
        this.problems = problems;
    }

    /** An object without fields, in the place of one that is missing. */
    Config empty() {
        return new Config(path, Map.of(), problems);
    }

    boolean has(String name) {
        return fields.get(name) != null;
    }

    /** A whole number, at least 1, that must be there. */
    int size(String name) {
        return size(name, -1);
    }

    /** A whole number, at least 1; {@code otherwise} where it is missing, unless that is negative. */
    int size(String name, int otherwise) {
        Object value = fields.get(name);
        if (value == null && otherwise >= 0) {
            return otherwise;
        }
        boolean fits = value instanceof Number number
                && number.doubleValue() == Math.rint(number.doubleValue())
                && number.doubleValue() >= 1
                && number.doubleValue() <= MOST;
        expect(fits, name, value, "a whole number from 1 to " + MOST);
        return fits ? ((Number) value).intValue() : 1;
    }

    /** A whole number, at least 0; 0 where it is missing. */
    int count(String name) {
        return fields.get(name) instanceof Number number && number.doubleValue() == 0 ? 0 : size(name, 0);
    }

    double number(String name) {
        return number(name, Double.NaN);
    }

    /** A number; {@code otherwise} where it is missing, unless that is NaN. */
    double number(String name, double otherwise) {
        Object value = fields.get(name);
        if (value == null && !Double.isNaN(otherwise)) {
            return otherwise;
        }
        boolean fits = value instanceof Number number && Double.isFinite(number.doubleValue());
        expect(fits, name, value, "a number");
        return fits ? ((Number) value).doubleValue() : 1;
    }

    /** True or false, or a number that is not 0 where published files have one. */
    boolean flag(String name, boolean otherwise) {
        Object value = fields.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        expect(value instanceof Boolean, name, value, "true or false");
        return Boolean.TRUE.equals(value);
    }

    String text(String name, String otherwise) {
        Object value = fields.get(name);
        expect(value == null || value instanceof String, name, value, "a text");
        return value instanceof String text ? text : otherwise;
    }

    /** A list of {@code length} values of that type, or nothing where it is missing or empty. */
    <T> Optional<List<T>> list(String name, Class<T> type, int length) {
        Object value = fields.get(name);
        if (value == null || value instanceof List<?> none && none.isEmpty()) {
            return Optional.empty();
        }
        boolean fits = value instanceof List<?> list
                && list.size() == length
                && list.stream().allMatch(type::isInstance);
        expect(fits, name, value, "a list of " + length + " of " + type.getSimpleName());
        return fits ? Optional.of(((List<?>) value).stream().map(type::cast).toList()) : Optional.empty();
    }

    Optional<Config> object(String name) {
        Object value = fields.get(name);
        expect(value == null || value instanceof Map, name, value, "an object");
        return value instanceof Map<?, ?> map
                ? Optional.of(new Config(path + name + ".", map, problems))
                : Optional.empty();
    }

    void expect(boolean holds, String name, Object value, String expectation) {
        problems.expect(holds, path + name, value == null ? "missing" : value, expectation);
    }
}
