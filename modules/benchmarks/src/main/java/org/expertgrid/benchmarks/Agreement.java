package org.expertgrid.benchmarks;

import org.expertgrid.kernels.Matrix;

/** How far apart two results of the same rows are. */
final class Agreement {
    private Agreement() {}

    /**
     * Returns the largest difference of two elements in the same place, in terms of scale, which is the largest element of the
     * reference, or 1 where all are smaller; NaN where a result is not a number in one of the two alone, infinity where the
     * shapes differ.
     */
    static double ofScale(Matrix result, Matrix reference) {
        if (result.rows() != reference.rows() || result.columns() != reference.columns()) {
            return Double.POSITIVE_INFINITY;
        }
        double[] some = result.toDoubleArray();
        double[] others = reference.toDoubleArray();
        double largest = 0;
        double scale = 1;
        for (int i = 0; i < some.length; i++) {
            largest = Math.max(largest, Math.abs(some[i] - others[i]));
            scale = Math.max(scale, Math.abs(others[i]));
        }
        return largest / scale;
    }
}
