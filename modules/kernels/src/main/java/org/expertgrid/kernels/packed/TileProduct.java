package org.expertgrid.kernels.packed;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.Region;
import org.expertgrid.kernels.RowLoops;
import org.expertgrid.kernels.Target;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightTile;

/**
 * The part of a region that one tile of the weights gives. Public only because rooms are apart.
 *
 * @param weights the tile
 * @param firstColumn the column of the product with which the tile begins
 * @param region the rows of the product, and the panels of this tile alone
 * @param activation what is applied to each element
 * @param target where finished elements go
 * @param loops what adds the bias, and adds rows to sums
 */
public record TileProduct(
        WeightTile weights, int firstColumn, Region region, Activation activation, Target target, RowLoops loops) {
    /** Cuts a region of a product into the parts that the tiles give; none is empty. */
    public static List<TileProduct> of(
            PackedWeights weights, Region region, Activation activation, Target target, RowLoops loops) {
        List<TileProduct> products = new ArrayList<>();
        boolean noRows = region.fromRow() == region.toRow();
        for (int i = 0; i < weights.tiles().size() && !noRows; i++) {
            int first = weights.firstPanel(i);
            int from = Math.max(region.fromPanel(), first) - first;
            int to = Math.min(region.toPanel(), weights.firstPanel(i + 1)) - first;
            if (from < to) {
                Region ofTile = new Region(region.fromRow(), region.toRow(), from, to);
                int column = first * weights.panelWidth();
                products.add(new TileProduct(weights.tiles().get(i), column, ofTile, activation, target, loops));
            }
        }
        return products;
    }

    private int endColumn() {
        TileLayout layout = weights.layout();
        return Math.min(layout.outputs(), region.toPanel() * layout.panelWidth());
    }

    /**
     * Adds the bias to finished sums, applies the activation, and puts those that belong to the region into the target.
     *
     * @param sums rows of {@code stride} columns, the first at {@code from}; they are changed
     * @param row of the product, to which the first row of the sums belongs
     * @param rows how many rows there are
     * @param column of the tile, to which the first column belongs
     */
    public void finish(double[] sums, int from, int stride, int row, int rows, int column) {
        int width = Math.min(stride, endColumn() - column);
        if (weights.hasBias()) {
            double[] bias = weights.doubleBias();
            for (int i = from; i < from + rows * stride; i += stride) {
                loops.add(bias, column, sums, i, width);
            }
        }
        activation.apply(sums, from, from + rows * stride);
        target.put(sums, from, stride, row, firstColumn + column, rows, width, loops);
    }

    /** As {@link #finish(double[], int, int, int, int, int)}. */
    public void finish(float[] sums, int from, int stride, int row, int rows, int column) {
        int width = Math.min(stride, endColumn() - column);
        if (weights.hasBias()) {
            float[] bias = weights.floatBias();
            for (int i = from; i < from + rows * stride; i += stride) {
                loops.add(bias, column, sums, i, width);
            }
        }
        activation.apply(sums, from, from + rows * stride);
        target.put(sums, from, stride, row, firstColumn + column, rows, width, loops);
    }
}
