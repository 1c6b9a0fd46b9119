package org.expertgrid.cluster.dispatch;

import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.kernels.Matrix;

/** The way of rows through a deployed model: one for each {@link Exchange}. */
public interface ForwardPass {
    /** Returns the gated sum of the experts' outputs for each row of {@code x}, before the deadline. */
    Matrix forward(Matrix x, Deadline deadline);
}
