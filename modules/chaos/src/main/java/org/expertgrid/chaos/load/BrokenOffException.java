package org.expertgrid.chaos.load;

import org.expertgrid.experts.errors.ExpertgridException;

/** Thrown when a run cannot go on, because a caller hangs or the cluster does not recover. */
public final class BrokenOffException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    public BrokenOffException(String message) {
        super(message);
    }
}
