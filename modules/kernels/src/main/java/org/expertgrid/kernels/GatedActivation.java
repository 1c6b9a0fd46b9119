package org.expertgrid.kernels;

/**
 * How a gated expert combines its two hidden products: {@code act(gate) (up + upOffset)}, where {@code gate} is clamped to
 * at most {@code limit} and {@code up} to {@code -limit .. limit} before, and {@code act} of SILU is
 * {@code gate sigmoid(alpha gate)}.
 *
 * <p>Sources: N. Shazeer, "GLU Variants Improve Transformer", arXiv 2002.05202; for limit, alpha and offset the published
 * PyTorch model of gpt-oss (function {@code swiglu}).
 *
 * @param activation what is applied to the gate
 * @param limit the largest gate and the largest magnitude of up; infinity for no clamp
 * @param alpha what the gate is multiplied by inside of the sigmoid of SILU; 1 for other activations
 * @param upOffset what is added to up
 */
public record GatedActivation(Activation activation, double limit, double alpha, double upOffset) {
    /** {@code silu(gate) up}, which most families use. */
    public static final GatedActivation SWIGLU = of(Activation.SILU);

    /** {@code gate sigmoid(1.702 gate) (up + 1)}, gate at most 7 and up from -7 to 7, which gpt-oss uses. */
    public static final GatedActivation CLAMPED_SWIGLU = new GatedActivation(Activation.SILU, 7.0, 1.702, 1.0);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the limit is not positive, if a number is NaN, or if an activation other than SILU has an
     *     alpha that is not 1
     */
    public GatedActivation {
        if (!(limit > 0.0)) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: > 0, infinity for no clamp)");
        }
        if (!Double.isFinite(alpha) || alpha != 1.0 && activation != Activation.SILU) {
            throw new IllegalArgumentException(
                    "alpha: " + alpha + " with " + activation + " (expected: a finite number, 1 but for SILU)");
        }
        if (!Double.isFinite(upOffset)) {
            throw new IllegalArgumentException("upOffset: " + upOffset + " (expected: a finite number)");
        }
    }

    /** Returns {@code activation(gate) up}. */
    public static GatedActivation of(Activation activation) {
        return new GatedActivation(activation, Double.POSITIVE_INFINITY, 1.0, 0.0);
    }

    /** Returns what becomes of one element of each product. */
    public double apply(double gate, double up) {
        double g = Math.min(gate, limit);
        double u = Math.max(-limit, Math.min(up, limit));
        double activated = alpha == 1.0 ? activation.apply(g) : g * Exponential.sigmoid(alpha * g);
        return activated * (u + upOffset);
    }

    /** Combines the first {@code count} elements of both, into {@code gates}. */
    void apply(double[] gates, double[] ups, int count) {
        for (int i = 0; i < count; i++) {
            gates[i] = apply(gates[i], ups[i]);
        }
    }

    /** Combines the first {@code count} elements of both, into {@code gates}; rounded to float once. */
    void apply(float[] gates, float[] ups, int count) {
        for (int i = 0; i < count; i++) {
            gates[i] = (float) apply((double) gates[i], ups[i]);
        }
    }
}
