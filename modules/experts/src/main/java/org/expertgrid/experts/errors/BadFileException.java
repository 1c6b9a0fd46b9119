package org.expertgrid.experts.errors;

/** A file that is missing, cannot be read or written, or is not what it claims to be; the message begins with its path. */
public class BadFileException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    public BadFileException(String message) {
        super(message);
    }

    public BadFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
