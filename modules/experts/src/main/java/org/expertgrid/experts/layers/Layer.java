package org.expertgrid.experts.layers;

import org.expertgrid.kernels.Matrix;

/** Something that turns rows into rows. */
@FunctionalInterface
public interface Layer {
    /**
     * Returns the result for each row of {@code x}, in the same order; none for none.
     *
     * @throws IllegalArgumentException if {@code x} is not as wide as this layer's input, or of another element type
     */
    Matrix forward(Matrix x);
}
