package org.expertgrid.kernels.plain;

import java.util.Arrays;
import org.expertgrid.kernels.packed.FusedMultiplyAdd;
import org.expertgrid.kernels.packed.RowMajorRows;
import org.expertgrid.kernels.packed.TileProduct;
import org.expertgrid.kernels.packed.WidenedPanels;

/** The loops of {@link PlainKernels} in single precision; {@link PlainDoubles} is its twin. */
final class PlainFloats {
    /** So many rows share a pass over the widened weights. */
    private static final int ROWS = 8;
    /** So many rows meet the widened weights before these are widened again. */
    private static final int MOST_ROWS = 256;
    /** Long rows are quicker, as long as the sums of all rows stay in the second-level cache. */
    private static final int ROW_BYTES = 2048;
    /** So many inputs are widened at a time: they stay in the second-level cache. */
    private static final int DEPTH = 64;

    /** So many sums of one row are kept in registers. */
    private static final int AT_ONCE = 8;

    private final RowMajorRows rows;
    private final TileProduct product;
    private final int panelWidth;
    private final WidenedPanels widened;
    private final float[][] weights;
    private final float[][] sums;

    PlainFloats(RowMajorRows rows, TileProduct product) {
        this.rows = rows;
        this.product = product;
        panelWidth = product.weights().layout().panelWidth();
        widened = new WidenedPanels(product.weights());
        int panels = Math.min(
                ROW_BYTES / Float.BYTES / panelWidth,
                product.region().toPanel() - product.region().fromPanel());
        int height =
                Math.min(MOST_ROWS, product.region().toRow() - product.region().fromRow());
        weights = new float[Math.min(DEPTH, rows.columns())][panels * panelWidth];
        sums = new float[height][panels * panelWidth];
    }

    void multiply() {
        boolean oneRow = product.region().toRow() - product.region().fromRow() == 1;
        if (oneRow && !product.weights().layout().format().narrow()) {
            for (int panel = product.region().fromPanel();
                    panel < product.region().toPanel();
                    panel++) {
                multiplyRow(product.region().fromRow(), panel);
            }
            return;
        }
        int panels = sums[0].length / panelWidth;
        for (int panel = product.region().fromPanel(); panel < product.region().toPanel(); panel += panels) {
            int toPanel = Math.min(panel + panels, product.region().toPanel());
            for (int row = product.region().fromRow(); row < product.region().toRow(); row += sums.length) {
                multiply(row, Math.min(sums.length, product.region().toRow() - row), panel, toPanel);
            }
        }
    }

    private void multiply(int row, int count, int fromPanel, int toPanel) {
        for (int i = 0; i < count; i++) {
            Arrays.fill(sums[i], 0.0f);
        }
        for (int k = 0; k < rows.columns(); k += DEPTH) {
            int depth = Math.min(DEPTH, rows.columns() - k);
            widen(fromPanel, toPanel, k, depth);
            for (int i = 0; i < count; i += ROWS) {
                sum(row + i, k, depth, i, Math.min(i + ROWS, count));
            }
        }
        for (int i = 0; i < count; i++) {
            int width = (toPanel - fromPanel) * panelWidth;
            product.finish(sums[i], 0, width, row + i, 1, fromPanel * panelWidth);
        }
    }

    /** Multiplies one row by a panel as it is packed, which comes from memory no faster than single numbers are added. */
    private void multiplyRow(int row, int panel) {
        float[] sum = sums[0];
        int first = panel * product.weights().layout().start(1);
        for (int column = 0; column < panelWidth; column += AT_ONCE) {
            eightColumns(rows.floats(), rows.index(row), product.weights().floats(), first + column, sum, column);
        }
        product.finish(sum, 0, panelWidth, row, 1, panel * panelWidth);
    }

    private void eightColumns(float[] x, int at, float[] packed, int first, float[] sum, int column) {
        float s0 = 0.0f, s1 = 0.0f, s2 = 0.0f, s3 = 0.0f, s4 = 0.0f, s5 = 0.0f, s6 = 0.0f, s7 = 0.0f;
        for (int k = 0; k < rows.columns(); k++) {
            float e = x[at + k];
            int w = first + k * panelWidth;
            s0 = plusProduct(e, packed[w], s0);
            s1 = plusProduct(e, packed[w + 1], s1);
            s2 = plusProduct(e, packed[w + 2], s2);
            s3 = plusProduct(e, packed[w + 3], s3);
            s4 = plusProduct(e, packed[w + 4], s4);
            s5 = plusProduct(e, packed[w + 5], s5);
            s6 = plusProduct(e, packed[w + 6], s6);
            s7 = plusProduct(e, packed[w + 7], s7);
        }
        sum[column] = s0;
        sum[column + 1] = s1;
        sum[column + 2] = s2;
        sum[column + 3] = s3;
        sum[column + 4] = s4;
        sum[column + 5] = s5;
        sum[column + 6] = s6;
        sum[column + 7] = s7;
    }

    private void widen(int fromPanel, int toPanel, int firstInput, int depth) {
        for (int panel = fromPanel; panel < toPanel; panel++) {
            for (int k = 0; k < depth; k++) {
                int at = (panel - fromPanel) * panelWidth;
                widened.copyRow(panel, firstInput + k, weights[k], at);
            }
        }
    }

    /** Adds {@code depth} products to sums {@code from} to {@code to}, the first of which is that of {@code row}. */
    private void sum(int row, int firstInput, int depth, int from, int to) {
        int k = 0;
        for (; k < depth - 3; k += 4) {
            int i = from;
            for (; i < to - 3; i += 4) {
                int at = rows.index(row + i - from) + firstInput + k;
                fourRows(rows.floats(), at, rows.stride(), weights[k], weights[k + 1], sums, i);
                fourRows(rows.floats(), at + 2, rows.stride(), weights[k + 2], weights[k + 3], sums, i);
            }
            for (; i < to; i++) {
                oneRow(rows.floats(), rows.index(row + i - from) + firstInput + k, weights, k, sums[i]);
            }
        }
        for (; k < depth; k++) {
            for (int i = from; i < to; i++) {
                addProduct(rows.floats()[rows.index(row + i - from) + firstInput + k], weights[k], sums[i]);
            }
        }
    }

    /** Adds two products to each of four rows. */
    private static void fourRows(float[] x, int at, int stride, float[] w0, float[] w1, float[][] sums, int i) {
        float[] p = sums[i];
        float[] q = sums[i + 1];
        float[] r = sums[i + 2];
        float[] s = sums[i + 3];
        float p0 = x[at];
        float p1 = x[at + 1];
        float q0 = x[at + stride];
        float q1 = x[at + stride + 1];
        float r0 = x[at + 2 * stride];
        float r1 = x[at + 2 * stride + 1];
        float s0 = x[at + 3 * stride];
        float s1 = x[at + 3 * stride + 1];
        for (int j = 0; j < w0.length; j++) {
            float v0 = w0[j];
            float v1 = w1[j];
            p[j] = plusProduct(p1, v1, plusProduct(p0, v0, p[j]));
            q[j] = plusProduct(q1, v1, plusProduct(q0, v0, q[j]));
            r[j] = plusProduct(r1, v1, plusProduct(r0, v0, r[j]));
            s[j] = plusProduct(s1, v1, plusProduct(s0, v0, s[j]));
        }
    }

    /** Adds four products to one row. */
    private static void oneRow(float[] x, int at, float[][] weights, int k, float[] sum) {
        float[] w0 = weights[k];
        float[] w1 = weights[k + 1];
        float[] w2 = weights[k + 2];
        float[] w3 = weights[k + 3];
        float x0 = x[at];
        float x1 = x[at + 1];
        float x2 = x[at + 2];
        float x3 = x[at + 3];
        for (int j = 0; j < w0.length; j++) {
            float two = plusProduct(x1, w1[j], plusProduct(x0, w0[j], sum[j]));
            sum[j] = plusProduct(x3, w3[j], plusProduct(x2, w2[j], two));
        }
    }

    private static void addProduct(float x, float[] weights, float[] sum) {
        for (int j = 0; j < weights.length; j++) {
            sum[j] = plusProduct(x, weights[j], sum[j]);
        }
    }

    private static float plusProduct(float a, float b, float sum) {
        return FusedMultiplyAdd.FAST ? Math.fma(a, b, sum) : sum + a * b;
    }
}
