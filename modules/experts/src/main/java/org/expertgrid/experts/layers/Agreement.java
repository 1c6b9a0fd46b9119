package org.expertgrid.experts.layers;

import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/**
 * How far apart two results of the same rows are, and how far apart they may be where the same sums were added in another order.
 *
 * <pre>
 *   Agreement.ofScale(result, reference) &lt;= Agreement.tolerance(reference.elementType())
 * </pre>
 *
 * Differences are in terms of scale, so that rounding counts alike in large results and in small ones. A result that holds a NaN agrees
 * with nothing, not even with itself.
 *
 * <p>Stateless; safe for use by many threads.
 */
public final class Agreement {
    private Agreement() {}

    /** Returns what two ways of computing a layer in that element type may differ by, in terms of scale. */
    public static double tolerance(ElementType type) {
        return switch (type) {
            case FLOAT64 -> 1e-12;
            case FLOAT32 -> 1e-5;
        };
    }

    /**
     * Returns what differences from a matrix are measured by: its largest magnitude, and at least the smallest normal number, so that a
     * matrix of zeros has a scale.
     */
    public static double scale(Matrix reference) {
        double scale = Double.MIN_NORMAL;
        for (double value : reference.toDoubleArray()) {
            scale = Math.max(scale, Math.abs(value));
        }
        return scale;
    }

    /**
     * Returns the largest difference of two elements in the same place; NaN where that is no number, as for a NaN in either matrix,
     * and infinity where the shapes differ.
     */
    public static double largestDifference(Matrix one, Matrix other) {
        if (one.rows() != other.rows() || one.columns() != other.columns()) {
            return Double.POSITIVE_INFINITY;
        }
        double[] some = one.toDoubleArray();
        double[] others = other.toDoubleArray();
        double largest = 0;
        for (int i = 0; i < some.length; i++) {
            largest = Math.max(largest, Math.abs(some[i] - others[i]));
        }
        return largest;
    }

    /** Returns the {@linkplain #largestDifference largest difference} in terms of the reference's {@linkplain #scale scale}. */
    public static double ofScale(Matrix result, Matrix reference) {
        return largestDifference(result, reference) / scale(reference);
    }
}
