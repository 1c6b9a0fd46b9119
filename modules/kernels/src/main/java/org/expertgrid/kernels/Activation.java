package org.expertgrid.kernels;

/** The function that is applied to every element of a product once its bias has been added. NaN and infinity behave as in NumPy. */
public enum Activation {
    /** The element itself. */
    IDENTITY,
    /** {@code max(0, x)}; NaN stays NaN. */
    RELU,
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID,
    /** {@code x sigmoid(x)}, also called swish. */
    SILU,
    /** {@code x (1 + erf(x / sqrt(2))) / 2}. */
    GELU,
    /** {@code x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2}, an approximation of {@link #GELU}. */
    GELU_TANH;

    /** {@code (1 + tanh(u)) / 2} is {@code sigmoid(2 u)}. */
    private static final double TWICE_ROOT_OF_2_BY_PI = 1.5957691216057308;

    /** Returns this activation of one number. */
    public double apply(double x) {
        return switch (this) {
            case IDENTITY -> x;
            // Math.max and not a comparison: signs are as good as random, and a branch on them would be mispredicted.
            case RELU -> Math.max(0.0, x);
            case SIGMOID -> Exponential.sigmoid(x);
            case SILU -> x * Exponential.sigmoid(x);
            case GELU -> x * Exponential.normalBelow(x);
            case GELU_TANH -> x * Exponential.sigmoid(TWICE_ROOT_OF_2_BY_PI * (x + 0.044715 * x * x * x));
        };
    }

    /** Applies it to the elements from {@code from} to {@code to}. Public only because rooms are apart. */
    public void apply(double[] values, int from, int to) {
        if (this == RELU) {
            for (int i = from; i < to; i++) {
                values[i] = Math.max(0.0, values[i]);
            }
        } else if (this != IDENTITY) {
            for (int i = from; i < to; i++) {
                values[i] = apply(values[i]);
            }
        }
    }

    /** Applies it to the elements from {@code from} to {@code to}. Public only because rooms are apart. */
    public void apply(float[] values, int from, int to) {
        if (this == RELU) {
            for (int i = from; i < to; i++) {
                values[i] = Math.max(0.0f, values[i]);
            }
        } else if (this != IDENTITY) {
            for (int i = from; i < to; i++) {
                values[i] = (float) apply((double) values[i]);
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
