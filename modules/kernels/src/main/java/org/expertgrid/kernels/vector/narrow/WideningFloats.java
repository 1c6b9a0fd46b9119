package org.expertgrid.kernels.vector.narrow;

import java.util.Arrays;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.packed.TileProduct;
import org.expertgrid.kernels.vector.wide.FloatTiles;
import org.expertgrid.kernels.vector.wide.InterleavedRows;
import org.expertgrid.kernels.vector.wide.NarrowedRows;
import org.expertgrid.kernels.vector.wide.Pairs;
import org.expertgrid.kernels.vector.wide.VectorRegisters;

/**
 * One product of the vector kernels with weights of a format narrower than float32: a block of inputs of some panels is
 * widened, all rows are multiplied with it, then comes the next block.
 *
 * <pre>
 *   words of some panels --widen a block of inputs--> floats in the nearest caches
 *                                                        |
 *   rows of the block of inputs ------ multiply ---------+--> added to the sums of each row, which wait for the next block
 * </pre>
 *
 * A row's sums take one product for each k in ascending order, whatever the blocks are.
 *
 * <p>Where the format narrows rows, a block is a group of inputs, and its sums are multiplied by the group's scales before they are added
 * to those of the row. Public only because rooms are apart.
 */
public final class WideningFloats {
    private static final int GROUP = InterleavedRows.GROUP;
    private static final int LANES = FloatTiles.LANES;

    /** So many rows meet a block that is widened; for more it is widened again. */
    private static final int MOST_ROWS = 256;
    /** So many inputs are widened together. */
    private static final int BLOCK = 256;
    /** A block of words may reach beyond the inputs it is for. */
    private static final int MOST_CODES_OF_WORD = 8;

    private final InterleavedRows rows;
    private final TileProduct product;
    private final TileLayout layout;
    private final int depth;
    private final int firstRow;
    private final int groups;
    private final int block;
    private final int panels;
    private final float[] widened;
    private final float[] sums;
    /** The narrowed rows, or null where rows are multiplied as they are. */
    private final NarrowedRows narrowed;

    /** Prepares the product. */
    public WideningFloats(InterleavedRows rows, TileProduct product) {
        this.rows = rows;
        this.product = product;
        layout = product.weights().layout();
        depth = layout.inputs();
        int fromRow = product.region().fromRow();
        firstRow = fromRow - fromRow % GROUP;
        groups = (product.region().toRow() - firstRow + GROUP - 1) / GROUP;
        boolean narrowsRows = layout.format().narrowsRows();
        narrowed = narrowsRows ? rows.narrowed(layout) : null;
        block = Math.min(depth, narrowsRows ? layout.format().scaledInputs() : BLOCK);
        int columns = 2 * LANES;
        panels = Math.max(1, columns / layout.panelWidth());
        widened = new float[panels * panelStride()];
        sums = new float[Math.min(groups * GROUP, MOST_ROWS) * Math.max(columns, layout.panelWidth())];
    }

    private int panelStride() {
        return (block + MOST_CODES_OF_WORD) * layout.panelWidth();
    }

    /** Multiplies all rows. */
    public void multiply() {
        int toPanel = product.region().toPanel();
        for (int panel = product.region().fromPanel(); panel < toPanel; panel += panels) {
            Pairs pairs = new Pairs(0, Math.min(panels, toPanel - panel), panelStride(), layout.panelWidth(), LANES);
            for (int group = 0; group < groups; group += MOST_ROWS / GROUP) {
                int row = firstRow + group * GROUP;
                multiplyRows(row, Math.min(MOST_ROWS / GROUP, groups - group), panel, pairs);
            }
        }
    }

    private void multiplyRows(int row, int count, int firstPanel, Pairs pairs) {
        Arrays.fill(sums, 0.0f);
        int to;
        for (int from = 0; from < depth; from = to) {
            to = endOfBlock(from);
            for (int panel = 0; panel < pairs.panels(); panel++) {
                Widening.widen(product.weights(), firstPanel + panel, from, to, widened, panel * panelStride());
            }
            Pairs scales = narrowed == null ? null : scales(layout.group(from), firstPanel, pairs.panels());
            for (int pair = 0; pair < pairs.count(); pair++) {
                if (narrowed == null) {
                    addProducts(row, count, from, to - from, pairs, pair);
                } else {
                    addGroup(row, count, from, to - from, pairs, scales, pair);
                }
            }
        }
        finish(row, count, firstPanel, pairs);
    }

    /** Returns the input behind the last of a block, which is the first of a word. */
    private int endOfBlock(int from) {
        if (narrowed != null) {
            return layout.endOfGroup(layout.group(from));
        }
        int to = Math.min(depth, from + block);
        return to < depth ? to - layout.placeInWord(to) : to;
    }

    /** Adds a block of products to the sums of a pair, which lie {@code [row group or two][row][vector]}. */
    private void addProducts(int row, int count, int from, int inputs, Pairs pairs, int pair) {
        int stride = 2 * LANES;
        int sum = pair * count * GROUP * stride;
        int group = 0;
        for (; VectorRegisters.MANY && group + 1 < count; group += 2) {
            int x = rows.index(row + group * GROUP, from);
            FloatTiles.eightRows(
                    rows.floats(),
                    x,
                    x + GROUP * depth,
                    inputs,
                    widened,
                    pairs.start(pair),
                    pairs.right(pair),
                    sums,
                    sum + group * GROUP * stride);
        }
        for (; group < count; group++) {
            FloatTiles.fourRows(
                    rows.floats(),
                    rows.index(row + group * GROUP, from),
                    inputs,
                    widened,
                    pairs.start(pair),
                    pairs.right(pair),
                    sums,
                    sum + group * GROUP * stride);
        }
    }

    /** Returns where the scales of a group of inputs are. */
    private Pairs scales(int group, int firstPanel, int panels) {
        int width = layout.panelWidth();
        int first = layout.startOfScales(firstPanel) + group * width;
        return new Pairs(first, panels, layout.startOfScales(1), width, LANES);
    }

    /** As {@link #addProducts}, for a group of inputs of narrowed rows. */
    private void addGroup(int row, int count, int from, int inputs, Pairs pairs, Pairs places, int pair) {
        float[] codes = narrowed.codes().numbers();
        float[] rowScales = narrowed.codes().scales();
        float[] scales = product.weights().scales();
        int scaleOfGroup = layout.group(from) * GROUP;
        int stride = 2 * LANES;
        int sum = pair * count * GROUP * stride;
        int group = 0;
        for (; VectorRegisters.MANY && group + 1 < count; group += 2) {
            int x = rows.index(row + group * GROUP, from);
            GroupTiles.eightRows(
                    codes,
                    x,
                    x + GROUP * depth,
                    rowScales,
                    narrowed.firstScale(row + group * GROUP) + scaleOfGroup,
                    narrowed.firstScale(row + (group + 1) * GROUP) + scaleOfGroup,
                    inputs,
                    widened,
                    pairs.start(pair),
                    pairs.right(pair),
                    scales,
                    places.start(pair),
                    places.right(pair),
                    sums,
                    sum + group * GROUP * stride);
        }
        for (; group < count; group++) {
            GroupTiles.fourRows(
                    codes,
                    rows.index(row + group * GROUP, from),
                    rowScales,
                    narrowed.firstScale(row + group * GROUP) + scaleOfGroup,
                    inputs,
                    widened,
                    pairs.start(pair),
                    pairs.right(pair),
                    scales,
                    places.start(pair),
                    places.right(pair),
                    sums,
                    sum + group * GROUP * stride);
        }
    }

    private void finish(int row, int count, int firstPanel, Pairs pairs) {
        int column = firstPanel * layout.panelWidth();
        int from = Math.max(row, product.region().fromRow());
        int to = Math.min(row + count * GROUP, product.region().toRow());
        int stride = 2 * LANES;
        for (int pair = 0; pair < pairs.count(); pair++) {
            int sum = (pair * count * GROUP + from - row) * stride;
            product.finish(sums, sum, stride, from, to - from, column + pair * stride);
        }
    }
}
