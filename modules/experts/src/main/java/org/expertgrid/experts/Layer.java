package org.expertgrid.experts;

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

    /** Throws the error that {@link #forward} promises where {@code x} is not {@code [any, inputs]} of {@code type}. */
    static void checkInput(Matrix x, int inputs, org.expertgrid.kernels.ElementType type) {
        new Problems()
                .expect(x.columns() == inputs, "x.columns", x.columns(), "the layer's input width " + inputs)
                .expect(x.elementType() == type, "x.elementType", x.elementType(), type + ", see Matrix.to")
                .throwIfAny();
    }
}
