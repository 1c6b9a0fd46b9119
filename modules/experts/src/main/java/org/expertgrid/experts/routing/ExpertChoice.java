package org.expertgrid.experts.routing;

import java.util.Arrays;

/**
 * The arithmetic of a {@link RouterRule} for one row after another, in float64 and in one fixed order: sums run over ascending experts, or
 * over the chosen ones in the order of their choice, and the exponential is {@link StrictMath}'s.
 *
 * <p>Holds working memory; for one thread.
 */
final class ExpertChoice {
    private final RouterRule rule;
    private final int topK;
    private final double[] choiceBias;
    private final double[] scores;
    private final double[] ranking;
    private final boolean[] taken;

    ExpertChoice(RouterRule rule, double[] choiceBias) {
        this.rule = rule;
        this.topK = rule.effectiveTopK(choiceBias.length);
        this.choiceBias = choiceBias;
        this.scores = new double[choiceBias.length];
        this.ranking = new double[choiceBias.length];
        this.taken = new boolean[choiceBias.length];
    }

    /**
     * Chooses the experts of one row.
     *
     * @param logits an array for each expert
     * @param row the row's place in each of these arrays
     * @param indices receives the chosen experts from place {@code slot} on, the best first
     * @param gates receives their gates from place {@code slot} on
     */
    void choose(double[][] logits, int row, int[] indices, double[] gates, int slot) {
        for (int e = 0; e < scores.length; e++) {
            scores[e] = logits[e][row];
        }
        score();
        boolean isNumber = true;
        for (int e = 0; e < scores.length; e++) {
            ranking[e] = scores[e] + choiceBias[e];
            isNumber &= !Double.isNaN(ranking[e]);
        }
        if (!isNumber) {
            for (int k = 0; k < topK; k++) {
                indices[slot + k] = k;
                gates[slot + k] = Double.NaN;
            }
            return;
        }
        if (!rule.groups().keepsAll()) {
            rule.groups().mask(ranking);
        }
        Arrays.fill(taken, false);
        for (int k = 0; k < topK; k++) {
            int best = ExpertGroups.best(ranking, taken);
            indices[slot + k] = best;
            gates[slot + k] = rule.gates() == GateFunction.SPARSE_MIXER ? sparseMixer(best) : scores[best];
            taken[best] = true;
        }
        gate(gates, slot);
    }

    private void score() {
        switch (rule.scores()) {
            case LOGIT -> {}
            case SOFTMAX -> softmax(scores, 0, scores.length);
            case SIGMOID -> {
                for (int e = 0; e < scores.length; e++) {
                    scores[e] = sigmoid(scores[e]);
                }
            }
        }
    }

    private void gate(double[] gates, int slot) {
        switch (rule.gates()) {
            case SCORE, SPARSE_MIXER -> {}
            case SOFTMAX -> softmax(gates, slot, slot + topK);
            case SIGMOID -> {
                for (int k = 0; k < topK; k++) {
                    gates[slot + k] = sigmoid(gates[slot + k]);
                }
            }
        }
        rule.divisor().divide(gates, slot, topK);
        for (int k = 0; k < topK; k++) {
            gates[slot + k] *= rule.scale();
        }
    }

    /** Returns the softmax of the best expert that is left, over those that are left and near enough to it. */
    private double sparseMixer(int best) {
        double sum = 0.0;
        for (int e = 0; e < scores.length; e++) {
            double distance = (scores[best] - scores[e]) / Math.max(Math.abs(scores[e]), scores[best]);
            // Not "distance <= tolerance": 0 / 0 is NaN, and an expert with the best score of all, 0, is not far from
            // it.
            boolean isFar = distance > rule.mixerTolerance();
            if (!taken[e] && !isFar) {
                sum += StrictMath.exp(scores[e] - scores[best]);
            }
        }
        return 1.0 / sum;
    }

    static double sigmoid(double value) {
        return 1.0 / (1.0 + StrictMath.exp(-value));
    }

    private static void softmax(double[] values, int from, int to) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            max = Math.max(max, values[i]);
        }
        double sum = 0.0;
        for (int i = from; i < to; i++) {
            values[i] = StrictMath.exp(values[i] - max);
            sum += values[i];
        }
        for (int i = from; i < to; i++) {
            values[i] /= sum;
        }
    }
}
