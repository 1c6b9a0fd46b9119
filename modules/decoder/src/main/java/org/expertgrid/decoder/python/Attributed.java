package org.expertgrid.decoder.python;

/** A value with attributes of its own, such as {@code loop}. */
public interface Attributed {
    /** Returns the attribute, {@link Undefined} if there is none of that name. */
    Object attribute(String name);
}
