package org.expertgrid.kernels;

import java.util.Arrays;

/** The loops of {@link PlainKernels} in double precision; {@link PlainFloats} is its twin. */
final class PlainDoubles {
    /** So many rows share a pass over a panel, which then comes from memory once for all of them. */
    private static final int ROWS = 8;

    private PlainDoubles() {}

    static void multiply(RowMajorRows rows, PlainWeights weights, Region region, Activation activation, Target target) {
        int height = Math.min(ROWS, region.toRow() - region.fromRow());
        for (int panel = region.fromPanel(); panel < region.toPanel(); panel++) {
            int width = weights.width(panel);
            double[][] sums = new double[height][width];
            for (int row = region.fromRow(); row < region.toRow(); row += ROWS) {
                int count = Math.min(ROWS, region.toRow() - row);
                for (int i = 0; i < count; i++) {
                    Arrays.fill(sums[i], 0.0);
                }
                sum(rows, row, count, weights, panel, sums);
                for (int i = 0; i < count; i++) {
                    addBias(sums[i], weights.bias().doubles(), weights.firstColumn(panel));
                    activation.apply(sums[i], 0, width);
                    target.put(sums[i], width, row + i, weights.firstColumn(panel), 1, width);
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
                fourRows(rows.doubles(), (row + i) * depth + k, depth, weights.doubles(), first + k, sums, i);
                fourRows(rows.doubles(), (row + i) * depth + k + 2, depth, weights.doubles(), first + k + 2, sums, i);
            }
            for (; i < count; i++) {
                oneRow(rows.doubles(), (row + i) * depth + k, weights.doubles(), first + k, sums[i]);
            }
        }
        for (; k < depth; k++) {
            for (int i = 0; i < count; i++) {
                addProduct(rows.doubles()[(row + i) * depth + k], weights.doubles()[first + k], sums[i]);
            }
        }
    }

    private static void fourRows(double[] x, int at, int depth, double[][] weights, int first, double[][] sums, int i) {
        int second = at + depth;
        int third = second + depth;
        int fourth = third + depth;
        addTwoProductsToFour(
                x[at], x[at + 1], x[second], x[second + 1], x[third], x[third + 1], x[fourth], x[fourth + 1],
                weights[first], weights[first + 1], sums[i], sums[i + 1], sums[i + 2], sums[i + 3]);
    }

    private static void oneRow(double[] x, int at, double[][] weights, int first, double[] sum) {
        addFourProducts(
                x[at], x[at + 1], x[at + 2], x[at + 3],
                weights[first], weights[first + 1], weights[first + 2], weights[first + 3], sum);
    }

    private static void addTwoProductsToFour(
            double p0, double p1, double q0, double q1, double r0, double r1, double s0, double s1,
            double[] w0, double[] w1, double[] p, double[] q, double[] r, double[] s) {
        for (int j = 0; j < p.length; j++) {
            double v0 = w0[j];
            double v1 = w1[j];
            p[j] = plusProduct(p1, v1, plusProduct(p0, v0, p[j]));
            q[j] = plusProduct(q1, v1, plusProduct(q0, v0, q[j]));
            r[j] = plusProduct(r1, v1, plusProduct(r0, v0, r[j]));
            s[j] = plusProduct(s1, v1, plusProduct(s0, v0, s[j]));
        }
    }

    private static void addFourProducts(
            double x0, double x1, double x2, double x3,
            double[] w0, double[] w1, double[] w2, double[] w3, double[] sum) {
        for (int j = 0; j < sum.length; j++) {
            double two = plusProduct(x1, w1[j], plusProduct(x0, w0[j], sum[j]));
            sum[j] = plusProduct(x3, w3[j], plusProduct(x2, w2[j], two));
        }
    }

    private static void addProduct(double x, double[] weights, double[] sum) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] = plusProduct(x, weights[j], sum[j]);
        }
    }

    private static void addBias(double[] sum, double[] bias, int from) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += bias[from + j];
        }
    }

    private static double plusProduct(double a, double b, double sum) {
        return FusedMultiplyAdd.FAST ? Math.fma(a, b, sum) : sum + a * b;
    }
}
