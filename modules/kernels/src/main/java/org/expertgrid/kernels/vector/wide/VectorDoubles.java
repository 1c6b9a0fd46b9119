package org.expertgrid.kernels.vector.wide;

import java.util.Arrays;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.packed.TileProduct;

/**
 * One product of the vector kernels with FLOAT64 weights: which tiles there are, and in which order they are computed.
 * {@link VectorFloats} is its twin. Public only because rooms are apart.
 */
public final class VectorDoubles {
    private static final int GROUP = InterleavedRows.GROUP;

    /** So many bytes of rows meet all panels before the next rows do: they stay in the third-level cache meanwhile. */
    private static final int ROW_BYTES = 1 << 20;

    /** These rows meet so many bytes of panels before they meet the next: those stay in the second-level cache. */
    private static final int PANEL_BYTES = 1 << 18;

    private final InterleavedRows rows;
    private final TileProduct product;
    private final double[] weights;
    private final int depth;
    private final Pairs pairs;
    private final double[] tile = new double[4 * GROUP * DoubleTiles.LANES];

    /** Prepares the product. */
    public VectorDoubles(InterleavedRows rows, TileProduct product) {
        this.rows = rows;
        this.product = product;
        TileLayout layout = product.weights().layout();
        weights = product.weights().doubles();
        depth = layout.inputs();
        int fromPanel = product.region().fromPanel();
        pairs = new Pairs(
                layout.start(fromPanel),
                product.region().toPanel() - fromPanel,
                layout.start(1),
                layout.panelWidth(),
                DoubleTiles.LANES);
    }

    /** Computes and finishes all tiles. */
    public void multiply() {
        int fromRow = product.region().fromRow();
        int pair = 0;
        if (product.region().toRow() - fromRow == 1) {
            for (; pair < pairs.whole(); pair += 4) {
                oneRow(fromRow, pair, Math.min(4, pairs.whole() - pair));
            }
            pair = pairs.whole();
        }
        int first = fromRow - fromRow % GROUP;
        int groups = (product.region().toRow() - first + GROUP - 1) / GROUP;
        long groupBytes = Math.max(1, (long) depth * GROUP * Double.BYTES);
        int together = (int) Math.max(2, ROW_BYTES / groupBytes);
        for (int group = 0; group < groups; group += together) {
            multiplyGroups(first + group * GROUP, Math.min(together, groups - group), pair);
        }
    }

    /** Multiplies a row by some pairs, at most four; where there are fewer, the last one is taken again. */
    private void oneRow(int row, int pair, int count) {
        int last = pair + count - 1;
        Arrays.fill(tile, 0.0);
        DoubleTiles.oneRowFourPairs(
                rows.doubles(),
                rows.index(row, 0),
                depth,
                weights,
                pairs.start(pair),
                pairs.start(Math.min(pair + 1, last)),
                pairs.start(Math.min(pair + 2, last)),
                pairs.start(last),
                pairs.right(),
                tile,
                0);
        finish(row, 1, pair, count);
    }

    /** Multiplies groups of rows with all pairs from {@code fromPair} on. */
    private void multiplyGroups(int row, int groups, int fromPair) {
        long pairBytes = Math.max(1, 2L * depth * DoubleTiles.LANES * Double.BYTES);
        int together = (int) Math.max(2, PANEL_BYTES / pairBytes);
        for (int pair = fromPair; pair < pairs.count(); pair += together) {
            multiplyTiles(row, groups, pair, Math.min(pair + together, pairs.count()));
        }
    }

    /** The first rows bring the panels from memory; four of them leave registers for two pairs, which come faster together. */
    private void multiplyTiles(int firstRow, int groups, int fromPair, int toPair) {
        int row = firstRow;
        int left = groups;
        while (left > 0) {
            boolean eight = VectorRegisters.MANY && left < groups && left % 2 == 0;
            if (eight) {
                eightRows(row, fromPair, toPair);
            } else {
                fourRows(row, fromPair, toPair);
            }
            row += eight ? 2 * GROUP : GROUP;
            left -= eight ? 2 : 1;
        }
    }

    private void eightRows(int row, int fromPair, int toPair) {
        int x = row * depth;
        for (int pair = fromPair; pair < toPair; pair++) {
            Arrays.fill(tile, 0.0);
            DoubleTiles.eightRows(
                    rows.doubles(),
                    x,
                    x + GROUP * depth,
                    depth,
                    weights,
                    pairs.start(pair),
                    pairs.right(pair),
                    tile,
                    0);
            finish(row, 2 * GROUP, pair, 1);
        }
    }

    private void fourRows(int row, int fromPair, int toPair) {
        int x = row * depth;
        int pair = fromPair;
        for (; VectorRegisters.MANY && pair + 1 < Math.min(toPair, pairs.whole()); pair += 2) {
            Arrays.fill(tile, 0.0);
            DoubleTiles.fourRowsTwoPairs(
                    rows.doubles(),
                    x,
                    depth,
                    weights,
                    pairs.start(pair),
                    pairs.start(pair + 1),
                    pairs.right(),
                    tile,
                    0);
            finish(row, GROUP, pair, 2);
        }
        for (; pair < toPair; pair++) {
            Arrays.fill(tile, 0.0);
            DoubleTiles.fourRows(rows.doubles(), x, depth, weights, pairs.start(pair), pairs.right(pair), tile, 0);
            finish(row, GROUP, pair, 1);
        }
    }

    /** Finishes those rows of a tile that belong to the region. */
    private void finish(int row, int height, int pair, int count) {
        int stride = 2 * count * DoubleTiles.LANES;
        int from = Math.max(row, product.region().fromRow());
        int to = Math.min(row + height, product.region().toRow());
        int column =
                product.region().fromPanel() * product.weights().layout().panelWidth() + 2 * pair * DoubleTiles.LANES;
        product.finish(tile, (from - row) * stride, stride, from, to - from, column);
    }
}
