package org.expertgrid.decoder.python;

/** What Python would raise here; the message is worded as Python words it, and says no line. */
public final class PythonError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PythonError(String message) {
        super(message, null, false, false);
    }
}
