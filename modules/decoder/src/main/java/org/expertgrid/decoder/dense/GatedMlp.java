package org.expertgrid.decoder.dense;

import org.expertgrid.experts.layers.Layer;
import org.expertgrid.kernels.Matrix;

/**
 * The network of a layer without experts: {@code down(silu(gate(x)) * up(x))}.
 *
 * <p>Safe for use by many threads.
 */
public final class GatedMlp implements Layer {
    private final Projection gateAndUp;
    private final Projection down;
    private final int width;

    GatedMlp(Projection gateAndUp, Projection down, int width) {
        this.gateAndUp = gateAndUp;
        this.down = down;
        this.width = width;
    }

    /** Returns the memory that the weights take, in bytes. */
    public long bytes() {
        return gateAndUp.bytes() + down.bytes();
    }

    @Override
    public Matrix forward(Matrix x) {
        int rows = x.rows();
        float[] both = gateAndUp.forward(x).toFloatArray();
        float[] hidden = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < width; i++) {
                float gate = both[2 * row * width + i];
                float up = both[(2 * row + 1) * width + i];
                hidden[row * width + i] = (float) (gate / (1 + Math.exp(-gate))) * up;
            }
        }
        return down.forward(Matrix.wrap(rows, width, hidden));
    }
}
