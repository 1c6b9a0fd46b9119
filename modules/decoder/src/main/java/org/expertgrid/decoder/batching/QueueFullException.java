package org.expertgrid.decoder.batching;

import org.expertgrid.experts.errors.ExpertgridException;

/** As many sequences run and wait as may; try again later. */
public final class QueueFullException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    QueueFullException(BatchLimits limits) {
        super("sequences: " + limits.running() + " that run and " + limits.waiting()
                + " that wait (expected: fewer; try again later)");
    }
}
