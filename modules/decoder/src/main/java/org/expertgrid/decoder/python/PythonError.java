package org.expertgrid.decoder.python;

/** The error that Python would raise here. The message has Python's words, without a line number. */
public final class PythonError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PythonError(String message) {
        super(message, null, false, false);
    }
}
