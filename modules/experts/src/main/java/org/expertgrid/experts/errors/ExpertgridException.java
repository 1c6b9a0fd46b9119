package org.expertgrid.experts.errors;

/**
 * The root of every exception that Expertgrid throws of its own; subclasses say what went wrong.
 *
 * <p>A wrong argument is an {@link IllegalArgumentException} and a call at the wrong time an
 * {@link IllegalStateException}, as everywhere in Java.
 */
public class ExpertgridException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ExpertgridException(String message) {
        super(message);
    }

    public ExpertgridException(String message, Throwable cause) {
        super(message, cause);
    }
}
