package org.expertgrid.cluster;

import org.expertgrid.cluster.wire.ResultRows;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * The sum of some ranks' shares: as a member answered it, or added up here.
 *
 * @param answered the rows of an answer, which are not copied; null where the sum is added up here
 * @param added the sum that is added up here, or null
 */
record PartialSum(ResultRows answered, MatrixBuffer added) {
    static PartialSum of(ResultRows answered) {
        return new PartialSum(answered, null);
    }

    /** Returns the sum of both; neither can be used any more. */
    static PartialSum plus(PartialSum left, PartialSum right) {
        MatrixBuffer sum = left.added;
        if (sum == null) {
            ResultRows first = left.answered;
            sum = MatrixBuffer.allocate(first.elementType(), first.rows(), first.columns());
            first.copyTo(sum, 0);
        }
        if (right.added == null) {
            right.answered.addTo(sum, 0);
        } else {
            sum.addRows(right.added.toMatrix(), 0);
        }
        return new PartialSum(null, sum);
    }

    /** Puts the sum into the rows of {@code y} from {@code row} on. */
    void copyTo(MatrixBuffer y, int row) {
        if (added == null) {
            answered.copyTo(y, row);
        } else {
            y.copyRows(added.toMatrix(), row);
        }
    }
}
