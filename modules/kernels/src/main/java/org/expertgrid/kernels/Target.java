package org.expertgrid.kernels;

/**
 * Where the finished tiles of a product go: columns of a {@link MatrixBuffer}, gated rows of one, or {@link PackedRows}
 * that the next product reads.
 *
 * <p>Threads may put tiles into one target at the same time as long as the tiles do not overlap in it.
 */
public abstract sealed class Target permits PackedRows, MatrixBuffer.Store, MatrixBuffer.GatedSum, GatedProduct.Part {
    Target() {}

    /** Returns what it holds. */
    public abstract ElementType elementType();

    /** Returns how many rows of a product it takes. */
    public abstract int rows();

    /** Returns how many columns of a product it takes. */
    public abstract int columns();

    /**
     * Takes a part of the product: {@code rows} rows from {@code row} on, {@code columns} columns from {@code column} on. They are in
     * {@code tile}, the first at {@code from} and each {@code stride} behind the one before. Public only because rooms are apart.
     *
     * @param loops what adds rows, where the target adds them
     */
    public abstract void put(
            double[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops);

    /** As {@link #put(double[], int, int, int, int, int, int, RowLoops)}. Public only because rooms are apart. */
    public abstract void put(
            float[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops);
}
