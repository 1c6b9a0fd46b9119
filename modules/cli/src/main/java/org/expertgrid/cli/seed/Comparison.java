package org.expertgrid.cli.seed;

import org.expertgrid.cli.seed.SeedExercise.Outcome;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.kernels.Matrix;

/** What the same model's three ways to run gave, side by side. */
public record Comparison(Outcome simple, Outcome batched, Outcome distributed) {
    /** Returns how many times as fast the cluster was as SimpleMoe. */
    public double speedup() {
        return simple.milliseconds() / distributed.milliseconds();
    }

    /** Returns how many times as long the cluster took as BatchedMoe. */
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
