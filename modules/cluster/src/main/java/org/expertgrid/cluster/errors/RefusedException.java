package org.expertgrid.cluster.errors;

import org.expertgrid.experts.errors.ExpertgridException;

/** What was asked for cannot be done as things stand; nothing has been begun. Asking for something else, or later, may help. */
public class RefusedException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }

    public RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
