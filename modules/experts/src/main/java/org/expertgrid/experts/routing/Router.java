package org.expertgrid.experts.routing;

import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeShape;
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
    private final Logits logits;

    /** Takes weights {@code [inputDim, experts]} of either element type. */
    public Router(LinearWeights weights) {
        this.source = weights;
        this.logits = new Logits(weights);
    }

    /** Returns the number of experts it chooses from. */
    public int experts() {
        return source.outputs();
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
     * @throws IllegalArgumentException if {@code x} is of another width or element type than the weights, or {@code topK} is
     *     below 1
     */
    public Routing route(Matrix x, int topK) {
        return route(x, topK, ThreadTeam.ofCaller());
    }

    /** Routes as {@link #route(Matrix, int)} does, all threads of a team sharing the rows. */
    public Routing route(Matrix x, int topK, ThreadTeam team) {
        new Problems().expectInput(x, source.inputs(), source.elementType()).throwIfAny();
        int experts = experts();
        int k = new MoeShape(source.inputs(), 1, 1, experts).effectiveTopK(topK);
        int[] indices = new int[Math.multiplyExact(x.rows(), k)];
        double[] gates = new double[indices.length];
        int blocks = (x.rows() + Logits.BLOCK_ROWS - 1) / Logits.BLOCK_ROWS;
        team.worth((long) x.rows() * x.columns() * experts).run(new ThreadTeam.Stage(blocks, block -> {
            int from = block * Logits.BLOCK_ROWS;
            routeBlock(x, from, Math.min(from + Logits.BLOCK_ROWS, x.rows()), k, indices, gates);
        }));
        return new Routing(x.rows(), k, experts, indices, gates);
    }

    private void routeBlock(Matrix x, int from, int to, int topK, int[] indices, double[] gates) {
        double[][] block = logits.of(x, from, to);
        double[] probabilities = new double[experts()];
        for (int row = from; row < to; row++) {
            for (int e = 0; e < probabilities.length; e++) {
                probabilities[e] = block[e][row - from];
            }
            softmax(probabilities);
            choose(probabilities, indices, gates, row * topK, topK);
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
