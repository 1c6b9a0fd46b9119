package org.expertgrid.decoder.batching;

import org.expertgrid.experts.errors.ExpertgridException;

/** As many sequences are waiting as may wait; try again later. */
public final class QueueFullException extends ExpertgridException {
    private static final long serialVersionUID = 1L;

    QueueFullException(int most) {
        super("waiting sequences: " + most + " (expected: fewer than " + most + "; try again later)");
    }
}
