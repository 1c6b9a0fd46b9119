package org.expertgrid.kernels;

import java.util.Arrays;

/** The loops of {@link PlainKernels} in double precision; {@link PlainFloats} is its twin. */
final class PlainDoubles {
    /** So many rows share a pass over a panel, which then comes from memory once for all of them. */
    private static final int ROWS = 8;

    private PlainDoubles() {}

    static void multiply(RowMajorRows rows, PlainWeights weights, Region region, Activation activation, Target target) {
        int height = Math.min(ROWS, region.toRow() - region.fromRow());
        double[][] sums = new double[height][weights.panelWidth()];
        for (int panel = region.fromPanel(); panel < region.toPanel(); panel++) {
            int width = weights.width(panel);
            for (int row = region.fromRow(); row < region.toRow(); row += ROWS) {
                int count = Math.min(ROWS, region.toRow() - row);
                for (int i = 0; i < count; i++) {
                    Arrays.fill(sums[i], 0.0);
                }
                sum(rows, row, count, weights, panel, sums);
                for (int i = 0; i < count; i++) {
                    addBias(sums[i], weights.bias().doubles(), weights.firstColumn(panel), width);
                    activation.apply(sums[i], 0, width);
                    target.put(sums[i], 0, width, row + i, weights.firstColumn(panel), 1, width);
                }
            }
        }
    }

    private static void sum(RowMajorRows rows, int row, int count, PlainWeights weights, int panel, double[][] sums) {
        int depth = weights.inputs();
        int first = panel * depth;
        int k = 0;
        for (; k < depth - 3; k += 4) {
            int i = 0;
            for (; i < count - 3; i += 4) {
                fourRows(rows.doubles(), rows.index(row + i) + k, rows.stride(), weights.doubles(), first + k, sums, i);
                fourRows(
                        rows.doubles(),
                        rows.index(row + i) + k + 2,
                        rows.stride(),
                        weights.doubles(),
                        first + k + 2,
                        sums,
                        i);
            }
            for (; i < count; i++) {
                oneRow(rows.doubles(), rows.index(row + i) + k, weights.doubles(), first + k, sums[i]);
            }
        }
        for (; k < depth; k++) {
            for (int i = 0; i < count; i++) {
                addProduct(rows.doubles()[rows.index(row + i) + k], weights.doubles()[first + k], sums[i]);
            }
        }
    }

    /** Adds two products to each of four rows. */
    private static void fourRows(
            double[] x, int at, int stride, double[][] weights, int first, double[][] sums, int i) {
        double[] w0 = weights[first];
        double[] w1 = weights[first + 1];
        double[] p = sums[i];
        double[] q = sums[i + 1];
        double[] r = sums[i + 2];
        double[] s = sums[i + 3];
        double p0 = x[at];
        double p1 = x[at + 1];
        double q0 = x[at + stride];
        double q1 = x[at + stride + 1];
        double r0 = x[at + 2 * stride];
        double r1 = x[at + 2 * stride + 1];
        double s0 = x[at + 3 * stride];
        double s1 = x[at + 3 * stride + 1];
        for (int j = 0; j < w0.length; j++) {
            double v0 = w0[j];
            double v1 = w1[j];
            p[j] = plusProduct(p1, v1, plusProduct(p0, v0, p[j]));
            q[j] = plusProduct(q1, v1, plusProduct(q0, v0, q[j]));
            r[j] = plusProduct(r1, v1, plusProduct(r0, v0, r[j]));
            s[j] = plusProduct(s1, v1, plusProduct(s0, v0, s[j]));
        }
    }

    /** Adds four products to one row. */
    private static void oneRow(double[] x, int at, double[][] weights, int first, double[] sum) {
        double[] w0 = weights[first];
        double[] w1 = weights[first + 1];
        double[] w2 = weights[first + 2];
        double[] w3 = weights[first + 3];
        double x0 = x[at];
        double x1 = x[at + 1];
        double x2 = x[at + 2];
        double x3 = x[at + 3];
        for (int j = 0; j < w0.length; j++) {
            double two = plusProduct(x1, w1[j], plusProduct(x0, w0[j], sum[j]));
            sum[j] = plusProduct(x3, w3[j], plusProduct(x2, w2[j], two));
        }
    }

    private static void addProduct(double x, double[] weights, double[] sum) {
        for (int j = 0; j < weights.length; j++) {
            sum[j] = plusProduct(x, weights[j], sum[j]);
        }
    }

    private static void addBias(double[] sum, double[] bias, int from, int width) {
        for (int j = 0; j < width; j++) {
            sum[j] += bias[from + j];
        }
    }

    private static double plusProduct(double a, double b, double sum) {
        return FusedMultiplyAdd.FAST ? Math.fma(a, b, sum) : sum + a * b;
    }
}
