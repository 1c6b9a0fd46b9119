package org.expertgrid.experts;

import org.expertgrid.kernels.Matrix;

/**
 * Chooses the experts of each row: softmax over a linear layer's outputs, the {@code topK} most probable, their
 * probabilities divided by their sum.
 *
 * <p>It computes in float64 whatever the model's element type, and in one fixed order whatever the kernel, the batch or the
 * machine, so that one row is routed to the last bit the same wherever it is routed: products are added over k in
 * ascending order without fused multiply-adds, and the exponential is {@link StrictMath}'s. Among equal probabilities the
 * lowest expert number wins; a row with a NaN logit goes to experts 0 to topK-1 with NaN gates.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Router {
    private final LinearWeights source;
    private final double[] weight;
    private final double[] bias;

    /** Takes weights {@code [inputDim, experts]} of either element type. */
    public Router(LinearWeights weights) {
        this.source = weights;
        this.weight = weights.weight().toDoubleArray();
        this.bias = weights.bias().toDoubleArray();
    }

    /** Returns the number of experts it chooses from. */
    public int experts() {
        return bias.length;
    }

    /** Returns the weights it was made of. */
    public LinearWeights weights() {
        return source;
    }

    /**
     * Routes every row of {@code x}.
     *
     * @param x {@code [any, inputDim]}
     * @param topK at least 1; more than there are experts means all
     */
    public Routing route(Matrix x, int topK) {
        Layer.checkInput(x, source.inputs(), source.elementType());
        int experts = experts();
        int k = new MoeShape(source.inputs(), 1, 1, experts).effectiveTopK(topK);
        int[] indices = new int[Math.multiplyExact(x.rows(), k)];
        double[] gates = new double[indices.length];
        double[] row = new double[x.columns()];
        double[] probabilities = new double[experts];
        for (int i = 0; i < x.rows(); i++) {
            x.copyRow(i, row);
            logits(row, probabilities);
            softmax(probabilities);
            choose(probabilities, indices, gates, i * k, k);
        }
        return new Routing(x.rows(), k, experts, indices, gates);
    }

    private void logits(double[] row, double[] logits) {
        java.util.Arrays.fill(logits, 0.0);
        int next = 0;
        for (double value : row) {
            for (int e = 0; e < logits.length; e++) {
                logits[e] += value * weight[next + e];
            }
            next += logits.length;
        }
        for (int e = 0; e < logits.length; e++) {
            logits[e] += bias[e];
        }
    }

    private static void softmax(double[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0.0;
        for (int e = 0; e < logits.length; e++) {
            logits[e] = StrictMath.exp(logits[e] - max);
            sum += logits[e];
        }
        for (int e = 0; e < logits.length; e++) {
            logits[e] /= sum;
        }
    }

    private static void choose(double[] probabilities, int[] indices, double[] gates, int slot, int topK) {
        double sum = 0.0;
        for (int k = 0; k < topK; k++) {
            int best = -1;
            for (int e = 0; e < probabilities.length; e++) {
                if (!chosen(indices, slot, k, e) && (best < 0 || probabilities[e] > probabilities[best])) {
                    best = e;
                }
            }
            indices[slot + k] = best;
            gates[slot + k] = probabilities[best];
            sum += probabilities[best];
        }
        for (int k = 0; k < topK; k++) {
            gates[slot + k] /= sum;
        }
    }

    private static boolean chosen(int[] indices, int slot, int count, int expert) {
        for (int k = 0; k < count; k++) {
            if (indices[slot + k] == expert) {
                return true;
            }
        }
        return false;
    }
}
