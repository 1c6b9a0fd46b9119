package org.expertgrid.kernels.ojalgo;

import java.util.Arrays;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedRows;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.Region;
import org.expertgrid.kernels.RowLoops;
import org.expertgrid.kernels.Shapes;
import org.expertgrid.kernels.Target;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.packed.RowMajorRows;
import org.expertgrid.kernels.packed.RowNarrowing;
import org.expertgrid.kernels.packed.TileProduct;
import org.expertgrid.kernels.packed.WidenedPanels;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R032Store;
import org.ojalgo.matrix.store.R064Store;

/**
 * ojAlgo's multiplication, as an independent check of the others. Public only because rooms are apart.
 *
 * <p>ojAlgo chooses a loop, and with it an order of additions, by the shape of a product. So it is always asked for the
 * same one: 64 columns, transposed, times one row as a column. This is what its column-major stores are quickest
 * at, it stays on the calling thread, and it adds over k from the first to the last, whatever stands beside the row. The
 * columns are widened for each call, and filled up with zeros.
 */
public final class OjAlgoKernels implements Kernels {
    /** The name that {@link #name} returns. */
    public static final String NAME = "ojalgo";

    private static final int COLUMNS = 64;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return NAME + ", one row at a time";
    }

    @Override
    public PackedRows rows(ElementType type) {
        return new RowMajorRows(NAME, type);
    }

    @Override
    public void gather(Matrix x, int[] selection, int from, int to, PackedRows target) {
        Shapes.gather(NAME, x, selection, from, to, target);
        ((RowMajorRows) target).gather(x, selection, from, to);
    }

    @Override
    public void multiply(PackedRows rows, PackedWeights weights, Region region, Activation activation, Target target) {
        Shapes.product(NAME, rows, weights, region, target);
        RowMajorRows left = (RowMajorRows) rows;
        int panels = COLUMNS / weights.panelWidth();
        for (TileProduct product : TileProduct.of(weights, region, activation, target, RowLoops.PLAIN)) {
            Region ofTile = product.region();
            for (int panel = ofTile.fromPanel(); panel < ofTile.toPanel(); panel += panels) {
                int toPanel = Math.min(panel + panels, ofTile.toPanel());
                switch (weights.elementType()) {
                    case FLOAT64 -> multiplyDoubles(left, product, panel, toPanel);
                    case FLOAT32 -> multiplyFloats(left, product, panel, toPanel);
                }
            }
        }
    }

    /** ojAlgo holds matrices column by column, so the rows written here are its transposed matrix. */
    private static void multiplyDoubles(RowMajorRows rows, TileProduct product, int fromPanel, int toPanel) {
        int depth = rows.columns();
        int width = product.weights().layout().panelWidth();
        WidenedPanels widened = new WidenedPanels(product.weights());
        double[] columns = new double[depth * COLUMNS];
        for (int panel = fromPanel; panel < toPanel; panel++) {
            for (int k = 0; k < depth; k++) {
                int at = k * COLUMNS + (panel - fromPanel) * width;
                widened.copyRow(panel, k, columns, at);
            }
        }
        MatrixStore<Double> transposed = R064Store.wrap(columns, COLUMNS);
        double[] sums = new double[COLUMNS];
        for (int row = product.region().fromRow(); row < product.region().toRow(); row++) {
            Arrays.fill(sums, 0.0);
            if (depth > 0) {
                double[] x = Arrays.copyOfRange(rows.doubles(), rows.index(row), rows.index(row) + depth);
                R064Store.wrap(sums).fillByMultiplying(transposed, R064Store.wrap(x));
            }
            product.finish(sums, 0, (toPanel - fromPanel) * width, row, 1, fromPanel * width);
        }
    }

    private static void multiplyFloats(RowMajorRows rows, TileProduct product, int fromPanel, int toPanel) {
        int depth = rows.columns();
        int width = product.weights().layout().panelWidth();
        WidenedPanels widened = new WidenedPanels(product.weights());
        TileLayout layout = product.weights().layout();
        float[] columns = new float[depth * COLUMNS];
        for (int panel = fromPanel; panel < toPanel; panel++) {
            for (int k = 0; k < depth; k++) {
                int at = k * COLUMNS + (panel - fromPanel) * width;
                widened.copyRow(panel, k, columns, at);
            }
        }
        MatrixStore<Double> transposed = R032Store.wrap(columns, COLUMNS);
        float[] sums = new float[COLUMNS];
        for (int row = product.region().fromRow(); row < product.region().toRow(); row++) {
            Arrays.fill(sums, 0.0f);
            if (depth > 0) {
                int at = rows.index(row);
                float[] x = layout.format().narrowsRows()
                        ? RowNarrowing.narrowedNumbers(rows.floats(), at, layout)
                        : Arrays.copyOfRange(rows.floats(), at, at + depth);
                R032Store.wrap(sums).fillByMultiplying(transposed, R032Store.wrap(x));
            }
            product.finish(sums, 0, (toPanel - fromPanel) * width, row, 1, fromPanel * width);
        }
    }
}
