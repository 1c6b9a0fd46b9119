package org.expertgrid.kernels.vector.narrow;

import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.packed.TileProduct;
import org.expertgrid.kernels.vector.wide.FloatTiles;
import org.expertgrid.kernels.vector.wide.InterleavedRows;
import org.expertgrid.kernels.vector.wide.NarrowedRow;
import org.expertgrid.kernels.vector.wide.Pairs;

/**
 * One product of the vector kernels of very few rows with weights of a format narrower than float32: each row reads the packed words
 * itself ({@link NarrowRow}, {@link ShortsRow}). Public only because rooms are apart.
 */
public final class NarrowProduct {
    /** For more rows it is quicker to widen the weights once for all ({@link WideningFloats}). */
    public static final int MOST_ROWS = 3;

    /** Rows that are narrowed to 8 bits are quicker one after the other, up to so many. */
    private static final int MOST_NARROWED_ROWS = 8;

    private static final int LANES = FloatTiles.LANES;

    private final InterleavedRows rows;
    private final TileProduct product;
    private final TileLayout layout;
    private final Pairs words;
    private final Pairs scales;
    private final boolean narrowsRows;
    private final boolean fullWords;
    private final boolean fourPanels;
    private final float[] tile = new float[2 * FourPanelsRow.PANELS * LANES];

    /** Prepares the product. */
    public NarrowProduct(InterleavedRows rows, TileProduct product) {
        this.rows = rows;
        this.product = product;
        layout = product.weights().layout();
        int from = product.region().fromPanel();
        int panels = product.region().toPanel() - from;
        int width = layout.panelWidth();
        boolean full = hasFullWords(layout);
        narrowsRows = layout.format().narrowsRows();
        fullWords = full && FullWordsRow.has(product.weights());
        fourPanels = full
                && panels >= FourPanelsRow.PANELS
                && FourPanelsRow.has(
                        product.weights(),
                        rows,
                        product.region().fromRow(),
                        product.region().toRow());
        words = new Pairs(layout.start(from), panels, layout.start(1), width, LANES);
        boolean scaled = layout.format().scaled();
        int firstScale = scaled ? layout.startOfScales(from) : 0;
        scales = new Pairs(firstScale, panels, scaled ? layout.startOfScales(1) : 0, width, LANES);
    }

    /** Returns whether so few rows are multiplied here with weights of that layout, because it is quicker than to widen the weights. */
    public static boolean has(TileLayout layout, int rows) {
        return layout.format().narrowsRows()
                ? rows <= MOST_NARROWED_ROWS && FullWordsRow.LONG_LOOPS && hasFullWords(layout)
                : rows <= MOST_ROWS;
    }

    private static boolean hasFullWords(TileLayout layout) {
        int codes = layout.codesOfWord();
        return layout.endOfGroup(0) % codes == 0
                && layout.inputs() % codes == 0
                && (layout.inputs() + layout.skippedInputs()) % codes == 0;
    }

    /** Multiplies all rows. */
    public void multiply() {
        int pair = 0;
        // a panel is a pair there
        for (; fourPanels && pair + FourPanelsRow.PANELS <= words.whole(); pair += FourPanelsRow.PANELS) {
            multiply(pair, pair + 1, FourPanelsRow.PANELS);
        }
        for (; pair + 1 < words.whole(); pair += 2) {
            multiply(pair, pair + 1, 2);
        }
        for (; pair < words.count(); pair++) {
            multiply(pair, pair, 1);
        }
    }

    /** Multiplies all rows by four pairs, by two, or by one that is taken twice. */
    private void multiply(int first, int second, int count) {
        int stride = count * 2 * LANES;
        int column = product.region().fromPanel() * layout.panelWidth() + first * 2 * LANES;
        for (int row = product.region().fromRow(); row < product.region().toRow(); row++) {
            NarrowRow narrow = new NarrowRow(
                    rows.floats(),
                    rows.index(row, 0),
                    product.weights().words(),
                    words.start(first),
                    words.start(second),
                    words.right(first),
                    Widening.scales(product.weights()),
                    scales.start(first),
                    scales.start(second),
                    scales.right(first),
                    layout.inputs(),
                    layout.endOfGroup(0),
                    layout.format().scaledInputs());
            if (narrowsRows) {
                multiplyNarrowed(narrow, rows.narrowed(layout).row(row), count);
            } else if (count == FourPanelsRow.PANELS) {
                new FourPanelsRow(narrow).multiply(layout.format(), tile);
            } else if (fullWords) {
                new FullWordsRow(narrow).multiply(layout.format(), tile);
            } else {
                narrow.multiply(layout.format(), tile);
            }
            product.finish(tile, 0, stride, row, 1, column);
        }
    }

    private void multiplyNarrowed(NarrowRow narrow, NarrowedRow narrowed, int count) {
        if (count == FourPanelsRow.PANELS) {
            new FourPanelsShortsRow(narrow, narrowed).multiply(layout.format(), tile);
        } else {
            new ShortsRow(narrow, narrowed).multiply(layout.format(), tile);
        }
    }
}
