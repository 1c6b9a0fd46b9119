package org.expertgrid.benchmarks.chaos;

import org.expertgrid.experts.errors.ExpertgridException;

/** Thrown when a run cannot go on, because somebody hangs or the cluster does not come back. */
final class BrokenOffException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    BrokenOffException(String message) {
        super(message);
    }
}
