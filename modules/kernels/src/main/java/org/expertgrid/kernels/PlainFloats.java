package org.expertgrid.kernels;

import java.util.Arrays;

/** The loops of {@link PlainKernels} in single precision; {@link PlainDoubles} is its twin. */
final class PlainFloats {
    /** So many rows share a pass over a panel, which then comes from memory once for all of them. */
    private static final int ROWS = 8;

    private PlainFloats() {}

    static void multiply(RowMajorRows rows, PlainWeights weights, Region region, Activation activation, Target target) {
        int height = Math.min(ROWS, region.toRow() - region.fromRow());
        float[][] sums = new float[height][weights.panelWidth()];
        for (int panel = region.fromPanel(); panel < region.toPanel(); panel++) {
            int width = weights.width(panel);
            for (int row = region.fromRow(); row < region.toRow(); row += ROWS) {
                int count = Math.min(ROWS, region.toRow() - row);
                for (int i = 0; i < count; i++) {
                    Arrays.fill(sums[i], 0.0f);
                }
                sum(rows, row, count, weights, panel, sums);
                for (int i = 0; i < count; i++) {
                    addBias(sums[i], weights.bias().floats(), weights.firstColumn(panel), width);
                    activation.apply(sums[i], 0, width);
                    target.put(sums[i], 0, width, row + i, weights.firstColumn(panel), 1, width);
                }
            }
        }
    }

    private static void sum(RowMajorRows rows, int row, int count, PlainWeights weights, int panel, float[][] sums) {
        int depth = weights.inputs();
        int first = panel * depth;
        int k = 0;
        for (; k < depth - 3; k += 4) {
            int i = 0;
            for (; i < count - 3; i += 4) {
                fourRows(rows.floats(), rows.index(row + i) + k, rows.stride(), weights.floats(), first + k, sums, i);
                fourRows(
                        rows.floats(),
                        rows.index(row + i) + k + 2,
                        rows.stride(),
                        weights.floats(),
                        first + k + 2,
                        sums,
                        i);
            }
            for (; i < count; i++) {
                oneRow(rows.floats(), rows.index(row + i) + k, weights.floats(), first + k, sums[i]);
            }
        }
        for (; k < depth; k++) {
            for (int i = 0; i < count; i++) {
                addProduct(rows.floats()[rows.index(row + i) + k], weights.floats()[first + k], sums[i]);
            }
        }
    }

    /** Adds two products to each of four rows. */
    private static void fourRows(float[] x, int at, int stride, float[][] weights, int first, float[][] sums, int i) {
        float[] w0 = weights[first];
        float[] w1 = weights[first + 1];
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
    private static void oneRow(float[] x, int at, float[][] weights, int first, float[] sum) {
        float[] w0 = weights[first];
        float[] w1 = weights[first + 1];
        float[] w2 = weights[first + 2];
        float[] w3 = weights[first + 3];
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

    private static void addBias(float[] sum, float[] bias, int from, int width) {
        for (int j = 0; j < width; j++) {
            sum[j] += bias[from + j];
        }
    }

    private static float plusProduct(float a, float b, float sum) {
        return FusedMultiplyAdd.FAST ? Math.fma(a, b, sum) : sum + a * b;
    }
}
