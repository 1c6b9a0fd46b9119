package org.expertgrid.decoder.python;

/**
 * The value of a name that has no value. It prints as nothing, is false, and is empty; to go on from it, or to compute with it, is an
 * error.
 *
 * @param message the text of that error
 */
public record Undefined(String message) {
    /** Returns the value of a variable that is not set. */
    public static Undefined variable(String name) {
        return new Undefined(Printing.quoted(name) + " is undefined");
    }

    /** Returns the value of an attribute or element that {@code owner} does not have. */
    public static Undefined in(Object owner, Object key) {
        String type = owner == null ? "None" : Values.typeName(owner) + " object";
        return new Undefined(
                key instanceof String name
                        ? Printing.quoted(type) + " has no attribute " + Printing.quoted(name)
                        : type + " has no element " + key);
    }

    PythonError error() {
        return new PythonError(message);
    }
}
