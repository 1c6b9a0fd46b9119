package org.expertgrid.cli.seed;

import org.expertgrid.cli.seed.SeedExercise.Outcome;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.kernels.Matrix;

/** The results and times of one model that was run in three ways. */
public record Comparison(Outcome simple, Outcome batched, Outcome distributed) {
    /** Returns SimpleMoe's time divided by the cluster's. */
    public double speedup() {
        return simple.milliseconds() / distributed.milliseconds();
    }

    /** Returns the cluster's time divided by BatchedMoe's. */
    public double ratioToBatched() {
        return distributed.milliseconds() / batched.milliseconds();
    }

    /** Returns the sum of the cluster's result less that of SimpleMoe's. */
    public double sumDifference() {
        return sum(distributed.output()) - sum(simple.output());
    }

    /** Returns the largest difference of two elements in the same place in the cluster's and SimpleMoe's result. */
    public double largestDifference() {
        return Agreement.largestDifference(distributed.output(), simple.output());
    }

    public static double sum(Matrix matrix) {
        double sum = 0;
        for (double value : matrix.toDoubleArray()) {
            sum += value;
        }
        return sum;
    }
}
