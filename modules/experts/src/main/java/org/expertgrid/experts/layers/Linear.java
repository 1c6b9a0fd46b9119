package org.expertgrid.experts.layers;

import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedWeights;

/**
 * One linear layer, {@code y = x W + b}, computed by the calling thread.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Linear implements Layer {
    private final Kernels kernels;
    private final PackedWeights weights;

    /** Packs {@code weights}; {@code kernels} compute. */
    public Linear(LinearWeights weights, Kernels kernels) {
        this.kernels = kernels;
        this.weights = weights.packed();
    }

    @Override
    public Matrix forward(Matrix x) {
        new Problems().expectInput(x, weights.inputs(), weights.elementType()).throwIfAny();
        return kernels.multiply(x, weights, Activation.IDENTITY);
    }
}
