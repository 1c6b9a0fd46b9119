package org.expertgrid.kernels;

/** What is applied to every element of a product once its bias has been added. */
public enum Activation {
    /** The element itself. */
    IDENTITY,
    /** {@code max(0, x)} as NumPy has it: NaN stays NaN. */
    RELU;

    /** Math.max and not a comparison: signs are as good as random, and a branch on them would be mispredicted. */
    void apply(double[] values, int from, int to) {
        if (this == RELU) {
            for (int i = from; i < to; i++) {
                values[i] = Math.max(0.0, values[i]);
            }
        }
    }

    void apply(float[] values, int from, int to) {
        if (this == RELU) {
            for (int i = from; i < to; i++) {
                values[i] = Math.max(0.0f, values[i]);
            }
        }
    }

    /** Returns a matrix of the same shape with this activation applied to each element of {@code x}. */
    public Matrix apply(Matrix x) {
        if (this == IDENTITY) {
            return x;
        }
        return switch (x.elementType()) {
            case FLOAT64 -> {
                double[] values = x.toDoubleArray();
                apply(values, 0, values.length);
                yield Matrix.wrap(x.rows(), x.columns(), values);
            }
            case FLOAT32 -> {
                float[] values = x.toFloatArray();
                apply(values, 0, values.length);
                yield Matrix.wrap(x.rows(), x.columns(), values);
            }
        };
    }
}
