package org.expertgrid.decoder.python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The arguments of a call.
 *
 * @param callee the name of what is called, for messages
 * @param positional the arguments without a name, in order
 * @param named the arguments with a name
 */
public record Arguments(String callee, List<Object> positional, Map<String, Object> named) {
    private static final Object ABSENT = new Object();

    /** Returns arguments without names. */
    public static Arguments of(String callee, Object... positional) {
        List<Object> values = new ArrayList<>(positional.length);
        for (Object value : positional) {
            values.add(value);
        }
        return new Arguments(callee, values, Map.of());
    }

    /** Returns the same arguments without the first {@code count} positional ones. */
    public Arguments without(int count) {
        return new Arguments(callee, positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }

    /**
     * Returns the values of these parameters.
     *
     * @throws PythonError if there are more arguments than parameters, or one with another name, or two for one parameter
     */
    public Bound bind(String... parameters) {
        if (positional.size() > parameters.length) {
            throw new PythonError(callee + "() takes " + parameters.length + " positional arguments but "
                    + positional.size() + " were given");
        }
        Object[] values = new Object[parameters.length];
        Arrays.fill(values, ABSENT);
        for (int i = 0; i < positional.size(); i++) {
            values[i] = positional.get(i);
        }
        List<String> names = List.of(parameters);
        named.forEach((name, value) -> {
            int i = names.indexOf(name);
            if (i < 0) {
                throw new PythonError(callee + "() got an unexpected keyword argument '" + name + "'");
            }
            if (values[i] != ABSENT) {
                throw new PythonError(callee + "() got multiple values for argument '" + name + "'");
            }
            values[i] = value;
        });
        return new Bound(callee, names, values);
    }

    /** The values of named parameters; one that was not passed has none. */
    public static final class Bound {
        private final String callee;
        private final List<String> names;
        private final Object[] values;

        private Bound(String callee, List<String> names, Object[] values) {
            this.callee = callee;
            this.names = names;
            this.values = values;
        }

        /** Tells whether the parameter was passed. */
        public boolean has(int i) {
            return values[i] != ABSENT;
        }

        /** Returns the value of a parameter that must be passed. */
        public Object value(int i) {
            if (!has(i)) {
                throw new PythonError(callee + "() missing 1 required positional argument: '" + names.get(i) + "'");
            }
            return values[i];
        }

        /** Returns the value of a parameter, or {@code otherwise} if it was not passed. */
        public Object value(int i, Object otherwise) {
            return has(i) ? values[i] : otherwise;
        }

        /** Returns the value of a parameter that must be passed and be a text. */
        public String text(int i) {
            if (value(i) instanceof String text) {
                return text;
            }
            throw wrong(i, "str");
        }

        /** Returns the value of a parameter that must be a text if it is passed and not None. */
        public String text(int i, String otherwise) {
            return value(i, null) == null ? otherwise : text(i);
        }

        /** Returns the value of a parameter that must be an integer of Java's int if it is passed and not None. */
        public int integer(int i, int otherwise) {
            if (value(i, null) == null) {
                return otherwise;
            }
            BigInteger integer = Arithmetic.integer(values[i]);
            if (integer == null || integer.bitLength() > 31) {
                throw wrong(i, "int, of 32 bits");
            }
            return integer.intValue();
        }

        /** Returns whether the parameter is true, or {@code otherwise} if it was not passed. */
        public boolean truth(int i, boolean otherwise) {
            return has(i) ? Values.truth(values[i]) : otherwise;
        }

        private PythonError wrong(int i, String expected) {
            return new PythonError(callee + "() argument '" + names.get(i) + "' must be " + expected + ", not "
                    + Values.typeName(values[i]));
        }
    }
}
