package org.expertgrid.kernels.plain;

import java.util.Arrays;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.packed.FusedMultiplyAdd;
import org.expertgrid.kernels.packed.RowMajorRows;
import org.expertgrid.kernels.packed.RowNarrowing;
import org.expertgrid.kernels.packed.TileProduct;
import org.expertgrid.kernels.packed.WidenedPanels;

/** The loops of {@link PlainKernels} for rows that are narrowed to 8 bits ({@link RowNarrowing}). */
final class PlainNarrowedRows {
    /** Long rows of weights are quicker, as long as the sums of all rows stay in the second-level cache. */
    private static final int MOST_COLUMNS = 512;
    /** So many rows meet the codes of a group before these are widened again. */
    private static final int MOST_ROWS = 256;

    private final RowMajorRows rows;
    private final TileProduct product;
    private final TileLayout layout;
    private final WidenedPanels widened;
    private final int panels;
    private final int columns;
    /** The codes of some rows, and their scales. */
    private final float[] codes;

    private final float[] rowScales;
    /** The codes of one group of weights, and their scales. */
    private final float[][] weights;

    private final float[] scales;
    private final float[] sumsOfGroup;
    private final float[][] sums;

    PlainNarrowedRows(RowMajorRows rows, TileProduct product) {
        this.rows = rows;
        this.product = product;
        layout = product.weights().layout();
        widened = new WidenedPanels(product.weights());
        panels = Math.min(
                MOST_COLUMNS / layout.panelWidth(),
                product.region().toPanel() - product.region().fromPanel());
        columns = panels * layout.panelWidth();
        int height =
                Math.min(MOST_ROWS, product.region().toRow() - product.region().fromRow());
        codes = new float[height * layout.inputs()];
        rowScales = new float[height * layout.groups()];
        weights = new float[layout.format().scaledInputs()][columns];
        scales = new float[columns];
        sumsOfGroup = new float[columns];
        sums = new float[height][columns];
    }

    void multiply() {
        int toPanel = product.region().toPanel();
        int toRow = product.region().toRow();
        for (int row = product.region().fromRow(); row < toRow; row += sums.length) {
            int count = Math.min(sums.length, toRow - row);
            narrow(row, count);
            for (int panel = product.region().fromPanel(); panel < toPanel; panel += panels) {
                multiply(row, count, panel, Math.min(panel + panels, toPanel));
            }
        }
    }

    private void narrow(int row, int count) {
        for (int i = 0; i < count; i++) {
            RowNarrowing.narrow(
                    rows.floats(),
                    rows.index(row + i),
                    layout,
                    codes,
                    i * layout.inputs(),
                    rowScales,
                    i * layout.groups());
        }
    }

    private void multiply(int row, int count, int fromPanel, int toPanel) {
        for (int i = 0; i < count; i++) {
            Arrays.fill(sums[i], 0.0f);
        }
        for (int group = 0; group < layout.groups(); group++) {
            widen(group, fromPanel, toPanel);
            for (int i = 0; i < count; i++) {
                addGroup(i, group);
            }
        }
        int width = (toPanel - fromPanel) * layout.panelWidth();
        for (int i = 0; i < count; i++) {
            product.finish(sums[i], 0, width, row + i, 1, fromPanel * layout.panelWidth());
        }
    }

    private void widen(int group, int fromPanel, int toPanel) {
        int first = layout.firstInput(group);
        for (int panel = fromPanel; panel < toPanel; panel++) {
            int at = (panel - fromPanel) * layout.panelWidth();
            for (int k = first; k < layout.endOfGroup(group); k++) {
                widened.copyCodes(panel, k, weights[k - first], at);
            }
            widened.copyScales(panel, group, scales, at);
        }
    }

    private void addGroup(int row, int group) {
        Arrays.fill(sumsOfGroup, 0.0f);
        int first = layout.firstInput(group);
        int count = layout.endOfGroup(group) - first;
        int at = row * layout.inputs() + first;
        int k = 0;
        for (; k < count - 3; k += 4) {
            addProducts(codes, at + k, weights[k], weights[k + 1], weights[k + 2], weights[k + 3], sumsOfGroup);
        }
        for (; k < count; k++) {
            addProducts(codes[at + k], weights[k], sumsOfGroup);
        }
        addScaled(sumsOfGroup, rowScales[row * layout.groups() + group], scales, sums[row]);
    }

    /** All numbers are integers, and so are their sums. */
    private static void addProducts(
            float[] codes, int at, float[] w0, float[] w1, float[] w2, float[] w3, float[] sums) {
        float x0 = codes[at];
        float x1 = codes[at + 1];
        float x2 = codes[at + 2];
        float x3 = codes[at + 3];
        for (int j = 0; j < sums.length; j++) {
            sums[j] += x0 * w0[j] + x1 * w1[j] + (x2 * w2[j] + x3 * w3[j]);
        }
    }

    private static void addProducts(float code, float[] weights, float[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += code * weights[j];
        }
    }

    private static void addScaled(float[] sumsOfGroup, float rowScale, float[] scales, float[] sums) {
        for (int j = 0; j < sums.length; j++) {
            float scale = rowScale * scales[j];
            sums[j] =
                    FusedMultiplyAdd.FAST ? Math.fma(sumsOfGroup[j], scale, sums[j]) : sums[j] + sumsOfGroup[j] * scale;
        }
    }
}
