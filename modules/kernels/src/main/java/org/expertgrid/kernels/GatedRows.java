package org.expertgrid.kernels;

import java.util.Arrays;

/**
 * The rows of a batch that one expert works on, in ascending order, and the gate of each.
 *
 * <p>The arrays are shared, not copied: they must not change any more.
 *
 * @param rows row numbers in the batch, strictly ascending
 * @param gates the factor of the expert's output for each of those rows
 */
public record GatedRows(int[] rows, double[] gates) {
    public GatedRows {
        Shapes.equal("gates", gates.length, "rows", rows.length);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] <= (i == 0 ? -1 : rows[i - 1])) {
                throw new IllegalArgumentException(
                        "rows[" + i + "]: " + rows[i] + " (expected: strictly ascending and not negative)");
            }
        }
    }

    /** Returns how many rows there are. */
    public int count() {
        return rows.length;
    }

    /** Returns how many of the rows are below {@code row}, which is where {@code row} stands among them. */
    public int position(int row) {
        int found = Arrays.binarySearch(rows, row);
        return found < 0 ? -found - 1 : found;
    }
}
