package org.expertgrid.cluster.errors;

import org.expertgrid.experts.errors.ExpertgridException;

/** The request cannot be carried out in the present state, and nothing has been started. A different request, or the same one later, may succeed. */
public class RefusedException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }

    public RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
