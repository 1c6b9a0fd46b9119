package org.expertgrid.experts.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;

/**
 * Chooses the experts of each row, as a {@link RouterRule} says, by the outputs of a linear layer.
 *
 * <p>It computes in float64 whatever the model's element type, and in one fixed order whatever the kernel, the batch or the
 * machine, so that one row is routed to the last bit the same wherever it is routed: products are added over k in
 * ascending order without fused multiply-adds, and the exponential is {@link StrictMath}'s. Among equal scores the
 * lowest expert number wins; a row with a NaN among its scores goes to experts 0 to topK-1 with NaN gates.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Router {
    private final RouterWeights weights;
    private final RouterRule rule;
    private final Logits logits;
    private final Logits sharedGates;
    private final double[] choiceBias;

    /**
     * Takes weights of either element type.
     *
     * @throws IllegalArgumentException if the rule cannot choose among that many experts, or has another number of shared experts than
     *     there are gates for them
     */
    public Router(RouterWeights weights, RouterRule rule) {
        int gated = weights.sharedGates().columns();
        rule.check(new Problems(), weights.experts())
                .expect(
                        gated == 0 || gated == rule.sharedExperts(),
                        "sharedGates.columns",
                        gated,
                        "0, or one for each of " + rule.sharedExperts() + " shared experts")
                .expect(
                        gated == 0 || rule.gateOn() == GateOn.OUTPUT,
                        "gateOn",
                        rule.gateOn(),
                        "OUTPUT where shared experts have gates")
                .throwIfAny();
        this.weights = weights;
        this.rule = rule;
        this.logits = new Logits(weights.weight(), weights.bias().toDoubleArray());
        this.sharedGates = new Logits(weights.sharedGates(), new double[gated]);
        this.choiceBias = weights.choiceBias().toDoubleArray();
    }

    /** Returns the weights it was made of. */
    public RouterWeights weights() {
        return weights;
    }

    /** Returns how it chooses. */
    public RouterRule rule() {
        return rule;
    }

    /** Returns the number of experts it chooses from; shared experts do not count. */
    public int experts() {
        return weights.experts();
    }

    /**
     * Routes every row of {@code x}.
     *
     * @param x {@code [any, inputDim]}, of either element type
     * @throws IllegalArgumentException if {@code x} is of another width than the weights
     */
    public Routing route(Matrix x) {
        return route(x, ThreadTeam.ofCaller());
    }

    /** Routes as {@link #route(Matrix)} does, all threads of a team sharing the rows. */
    public Routing route(Matrix x, ThreadTeam team) {
        new Problems()
                .expect(
                        x.columns() == weights.inputs(),
                        "x.columns",
                        x.columns(),
                        "the layer's input width " + weights.inputs())
                .throwIfAny();
        int topK = rule.effectiveTopK(experts());
        int[] indices = new int[Math.multiplyExact(x.rows(), topK)];
        double[] gates = new double[indices.length];
        double[][] shared = new double[rule.sharedExperts()][x.rows()];
        int blocks = (x.rows() + Logits.BLOCK_ROWS - 1) / Logits.BLOCK_ROWS;
        team.worth((long) x.rows() * x.columns() * experts()).run(new ThreadTeam.Stage(blocks, block -> {
            int from = block * Logits.BLOCK_ROWS;
            int to = Math.min(from + Logits.BLOCK_ROWS, x.rows());
            double[][] logitsOfBlock = logits.of(x, from, to);
            ExpertChoice choice = new ExpertChoice(rule, choiceBias);
            for (int row = from; row < to; row++) {
                choice.choose(logitsOfBlock, row - from, indices, gates, row * topK);
            }
            gateShared(x, from, to, shared);
        }));
        return new Routing(x.rows(), topK, experts(), indices, gates, gated(shared, x.rows()));
    }

    private void gateShared(Matrix x, int from, int to, double[][] gates) {
        if (weights.sharedGates().columns() == 0) {
            for (double[] ofExpert : gates) {
                Arrays.fill(ofExpert, from, to, 1.0);
            }
            return;
        }
        double[][] logitsOfBlock = sharedGates.of(x, from, to);
        for (int e = 0; e < gates.length; e++) {
            for (int row = from; row < to; row++) {
                gates[e][row] = ExpertChoice.sigmoid(logitsOfBlock[e][row - from]);
            }
        }
    }

    private static List<GatedRows> gated(double[][] gates, int rows) {
        List<GatedRows> gated = new ArrayList<>();
        for (double[] ofExpert : gates) {
            int[] all = new int[rows];
            Arrays.setAll(all, row -> row);
            gated.add(new GatedRows(all, ofExpert));
        }
        return gated;
    }
}
