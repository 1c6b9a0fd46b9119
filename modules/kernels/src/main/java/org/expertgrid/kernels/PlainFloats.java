package org.expertgrid.kernels;

import java.util.Arrays;

/** The loops of {@link PlainKernels} in single precision; {@link PlainDoubles} is its twin. */
final class PlainFloats {
    /** So many rows share a pass over a panel, which then comes from memory once for all of them. */
    private static final int ROWS = 8;

    private PlainFloats() {}

    static void multiply(RowMajorRows rows, PlainWeights weights, Region region, Activation activation, Target target) {
        int height = Math.min(ROWS, region.toRow() - region.fromRow());
        for (int panel = region.fromPanel(); panel < region.toPanel(); panel++) {
            int width = weights.width(panel);
            float[][] sums = new float[height][width];
            for (int row = region.fromRow(); row < region.toRow(); row += ROWS) {
                int count = Math.min(ROWS, region.toRow() - row);
                for (int i = 0; i < count; i++) {
                    Arrays.fill(sums[i], 0.0f);
                }
                sum(rows, row, count, weights, panel, sums);
                for (int i = 0; i < count; i++) {
                    addBias(sums[i], weights.bias().floats(), weights.firstColumn(panel));
                    activation.apply(sums[i], 0, width);
                    target.put(sums[i], width, row + i, weights.firstColumn(panel), 1, width);
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
                fourRows(rows.floats(), (row + i) * depth + k, depth, weights.floats(), first + k, sums, i);
                fourRows(rows.floats(), (row + i) * depth + k + 2, depth, weights.floats(), first + k + 2, sums, i);
            }
            for (; i < count; i++) {
                oneRow(rows.floats(), (row + i) * depth + k, weights.floats(), first + k, sums[i]);
            }
        }
        for (; k < depth; k++) {
            for (int i = 0; i < count; i++) {
                addProduct(rows.floats()[(row + i) * depth + k], weights.floats()[first + k], sums[i]);
            }
        }
    }

    private static void fourRows(float[] x, int at, int depth, float[][] weights, int first, float[][] sums, int i) {
        int second = at + depth;
        int third = second + depth;
        int fourth = third + depth;
        addTwoProductsToFour(
                x[at], x[at + 1], x[second], x[second + 1], x[third], x[third + 1], x[fourth], x[fourth + 1],
                weights[first], weights[first + 1], sums[i], sums[i + 1], sums[i + 2], sums[i + 3]);
    }

    private static void oneRow(float[] x, int at, float[][] weights, int first, float[] sum) {
        addFourProducts(
                x[at], x[at + 1], x[at + 2], x[at + 3],
                weights[first], weights[first + 1], weights[first + 2], weights[first + 3], sum);
    }

    private static void addTwoProductsToFour(
            float p0, float p1, float q0, float q1, float r0, float r1, float s0, float s1,
            float[] w0, float[] w1, float[] p, float[] q, float[] r, float[] s) {
        for (int j = 0; j < p.length; j++) {
            float v0 = w0[j];
            float v1 = w1[j];
            p[j] = plusProduct(p1, v1, plusProduct(p0, v0, p[j]));
            q[j] = plusProduct(q1, v1, plusProduct(q0, v0, q[j]));
            r[j] = plusProduct(r1, v1, plusProduct(r0, v0, r[j]));
            s[j] = plusProduct(s1, v1, plusProduct(s0, v0, s[j]));
        }
    }

    private static void addFourProducts(
            float x0, float x1, float x2, float x3,
            float[] w0, float[] w1, float[] w2, float[] w3, float[] sum) {
        for (int j = 0; j < sum.length; j++) {
            float two = plusProduct(x1, w1[j], plusProduct(x0, w0[j], sum[j]));
            sum[j] = plusProduct(x3, w3[j], plusProduct(x2, w2[j], two));
        }
    }

    private static void addProduct(float x, float[] weights, float[] sum) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] = plusProduct(x, weights[j], sum[j]);
        }
    }

    private static void addBias(float[] sum, float[] bias, int from) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += bias[from + j];
        }
    }

    private static float plusProduct(float a, float b, float sum) {
        return FusedMultiplyAdd.FAST ? Math.fma(a, b, sum) : sum + a * b;
    }
}
