package org.expertgrid.cluster;

import org.expertgrid.experts.ExpertgridException;

/** A forward that could not be answered, or not before its deadline: names the model, the ranks, the member and the cause. */
public class ForwardFailedException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    ForwardFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
