package org.expertgrid.decoder.dense;

import java.util.List;
import org.expertgrid.experts.layers.ColumnParallel;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedWeights;

/**
 * One or more linear layers with the same input, whose outputs are put side by side.
 *
 * <p>Safe for use by many threads.
 */
public final class Projection {
    private final ColumnParallel products;
    private final List<PackedWeights> parts;

    Projection(ColumnParallel products, List<PackedWeights> parts) {
        this.products = products;
        this.parts = parts;
    }

    /**
     * Returns {@code x W + b} for each part.
     *
     * @param x {@code [any, inputs]}, row after row
     * @return {@code [rows of x, outputs of all parts]}, row after row
     */
    public float[] forward(float[] x) {
        int inputs = parts.get(0).inputs();
        return forward(Matrix.wrap(x.length / inputs, inputs, x)).toFloatArray();
    }

    /** As {@link #forward(float[])}. */
    public Matrix forward(Matrix x) {
        return products.forward(x, parts);
    }

    /** Returns the memory that the weights take, in bytes. */
    public long bytes() {
        return parts.stream().mapToLong(PackedWeights::bytes).sum();
    }
}
