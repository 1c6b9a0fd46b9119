package org.expertgrid.kernels;

/**
 * The part of a product that one thread computes at a time: some of its rows by some of the weights' column panels.
 * However a product is cut into regions, its bits are the same.
 *
 * @param fromRow the first row
 * @param toRow the row behind the last
 * @param fromPanel the first panel
 * @param toPanel the panel behind the last
 */
public record Region(int fromRow, int toRow, int fromPanel, int toPanel) {
    /** Returns the region that covers the whole product of {@code rows} and {@code weights}. */
    public static Region whole(PackedRows rows, PackedWeights weights) {
        return new Region(0, rows.rows(), 0, weights.panels());
    }
}
