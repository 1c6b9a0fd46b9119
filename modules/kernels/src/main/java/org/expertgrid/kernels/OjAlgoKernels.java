package org.expertgrid.kernels;

import java.util.Arrays;
import org.ojalgo.matrix.store.R032Store;
import org.ojalgo.matrix.store.R064Store;

/**
 * ojAlgo's multiplication, as an independent check of the others.
 *
 * <p>ojAlgo chooses a loop, and with it an order of additions, by the shape of a product. So it is always asked for the
 * same one: a panel of 64 columns, transposed, times one row as a column. This is what its column-major stores are quickest
 * at, it stays on the calling thread, and it adds over k from the first to the last, whatever stands beside the row.
 */
final class OjAlgoKernels implements Kernels {
    static final String NAME = "ojalgo";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return NAME + ", one row at a time";
    }

    @Override
    public PackedWeights pack(Matrix weight, Matrix bias) {
        Shapes.weight(weight, bias);
        return new OjAlgoWeights(weight, bias);
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
        OjAlgoWeights right = (OjAlgoWeights) weights;
        for (int panel = region.fromPanel(); panel < region.toPanel(); panel++) {
            for (int row = region.fromRow(); row < region.toRow(); row++) {
                switch (weights.elementType()) {
                    case FLOAT64 -> multiplyDoubles(left, row, right, panel, activation, target);
                    case FLOAT32 -> multiplyFloats(left, row, right, panel, activation, target);
                }
            }
        }
    }

    private static void multiplyDoubles(
            RowMajorRows rows, int row, OjAlgoWeights weights, int panel, Activation activation, Target target) {
        int depth = weights.inputs();
        int first = panel * OjAlgoWeights.PANEL;
        int width = weights.width(panel);
        double[] product = new double[OjAlgoWeights.PANEL];
        if (depth > 0) {
            double[] x = Arrays.copyOfRange(rows.doubles(), rows.index(row), rows.index(row) + depth);
            R064Store.wrap(product).fillByMultiplying(weights.panel(panel), R064Store.wrap(x));
        }
        for (int j = 0; j < width; j++) {
            product[j] += weights.bias().doubles()[first + j];
        }
        activation.apply(product, 0, width);
        target.put(product, 0, product.length, row, first, 1, width);
    }

    private static void multiplyFloats(
            RowMajorRows rows, int row, OjAlgoWeights weights, int panel, Activation activation, Target target) {
        int depth = weights.inputs();
        int first = panel * OjAlgoWeights.PANEL;
        int width = weights.width(panel);
        float[] product = new float[OjAlgoWeights.PANEL];
        if (depth > 0) {
            float[] x = Arrays.copyOfRange(rows.floats(), rows.index(row), rows.index(row) + depth);
            R032Store.wrap(product).fillByMultiplying(weights.panel(panel), R032Store.wrap(x));
        }
        for (int j = 0; j < width; j++) {
            product[j] += weights.bias().floats()[first + j];
        }
        activation.apply(product, 0, width);
        target.put(product, 0, product.length, row, first, 1, width);
    }
}
