package org.expertgrid.decoder.python;

/** A value that can be called: a function, a method, or a macro. */
@FunctionalInterface
public interface Callable {
    Object call(Arguments arguments, Meter meter);
}
