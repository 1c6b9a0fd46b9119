package org.expertgrid.cluster.errors;

import org.expertgrid.experts.errors.ExpertgridException;

/** A forward that could not be answered, or not before its deadline: names the model, the ranks, the member and the cause. */
public class ForwardFailedException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    public ForwardFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
