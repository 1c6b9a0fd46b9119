package org.expertgrid.cluster;

import org.expertgrid.kernels.Matrix;

/** The way of rows through a deployed model: one for each {@link Exchange}. */
interface ForwardPass {
    /** Returns the gated sum of the experts' outputs for each row of {@code x}, before the deadline. */
    Matrix forward(Matrix x, Deadline deadline);
}
