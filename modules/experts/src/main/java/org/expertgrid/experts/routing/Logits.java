package org.expertgrid.experts.routing;

import org.expertgrid.kernels.Matrix;

/**
 * The router's linear layer, in float64 and in one order of additions whatever else happens: a logit is
 * {@code ((0 + x[0] w[0]) + x[1] w[1]) + ... + b}, every product and every sum rounded.
 *
 * <p>A layer with few outputs is too narrow for a matrix product's panels. Here the vectors run over rows instead: blocks of rows are
 * turned on their side, some columns at a time so that they stay in the nearest cache, and each expert's column goes through
 * them.
 *
 * <p>Immutable, safe for use by many threads.
 */
final class Logits {
    /** Rows that are computed side by side. */
    static final int BLOCK_ROWS = 64;

    private static final int BLOCK_COLUMNS = 32;
    private static final int FEW_ROWS = 4;

    private final int inputs;
    /** An array for each expert, so that a stretch of its column lies together. */
    private final double[][] weight;
    /** The same numbers, so that those of an input lie together. */
    private final double[] weightByInput;

    private final double[] bias;

    /** Takes a weight {@code [inputs, outputs]} and a bias for each output. */
    Logits(Matrix weight, double[] bias) {
        this.inputs = weight.rows();
        this.weight = new double[weight.columns()][inputs];
        weight.copyTransposed(0, inputs, 0, weight.columns(), this.weight);
        this.weightByInput = weight.toDoubleArray();
        this.bias = bias;
    }

    /** Returns the logits of at most {@link #BLOCK_ROWS} rows of {@code x}: an array for each expert, an element for each row. */
    double[][] of(Matrix x, int fromRow, int toRow) {
        double[][] logits = new double[weight.length][toRow - fromRow];
        if (toRow - fromRow <= FEW_ROWS) {
            for (int row = fromRow; row < toRow; row++) {
                addProductsOfRow(x, row, row - fromRow, logits);
            }
        } else {
            addProductsOfBlock(x, fromRow, toRow, logits);
        }
        for (int e = 0; e < weight.length; e++) {
            for (int row = 0; row < logits[e].length; row++) {
                logits[e][row] += bias[e];
            }
        }
        return logits;
    }

    private void addProductsOfRow(Matrix x, int row, int to, double[][] logits) {
        double[] elements = new double[inputs];
        x.copyRow(row, elements);
        double[] sums = new double[weight.length];
        int k = 0;
        for (; k + 2 <= inputs; k += 2) {
            add(elements[k], elements[k + 1], weightByInput, k * sums.length, sums);
        }
        if (k < inputs) {
            add(elements[k], weightByInput, k * sums.length, sums);
        }
        for (int e = 0; e < sums.length; e++) {
            logits[e][to] = sums[e];
        }
    }

    /** Two inputs at a time, so that a sum is loaded and stored once for both. */
    private static void add(double x0, double x1, double[] weight, int from, double[] sums) {
        for (int e = 0; e < sums.length; e++) {
            sums[e] = (sums[e] + x0 * weight[from + e]) + x1 * weight[from + sums.length + e];
        }
    }

    private static void add(double x, double[] weight, int from, double[] sums) {
        for (int e = 0; e < sums.length; e++) {
            sums[e] += x * weight[from + e];
        }
    }

    private void addProductsOfBlock(Matrix x, int fromRow, int toRow, double[][] logits) {
        double[][] block = new double[BLOCK_COLUMNS][toRow - fromRow];
        for (int from = 0; from < inputs; from += BLOCK_COLUMNS) {
            int to = Math.min(from + BLOCK_COLUMNS, inputs);
            x.copyTransposed(fromRow, toRow, from, to, block);
            for (int e = 0; e < weight.length; e++) {
                addProducts(block, weight[e], from, to - from, logits[e]);
            }
        }
    }

    private static void addProducts(double[][] block, double[] weight, int from, int columns, double[] sums) {
        int c = 0;
        for (; c + 2 <= columns; c += 2) {
            add(block[c], weight[from + c], block[c + 1], weight[from + c + 1], sums);
        }
        for (; c < columns; c++) {
            add(block[c], weight[from + c], sums);
        }
    }

    /** Two columns at a time, so that a sum is loaded and stored once for both. */
    private static void add(double[] x0, double w0, double[] x1, double w1, double[] sums) {
        for (int row = 0; row < sums.length; row++) {
            sums[row] = (sums[row] + x0[row] * w0) + x1[row] * w1;
        }
    }

    private static void add(double[] x, double w, double[] sums) {
        for (int row = 0; row < sums.length; row++) {
            sums[row] += x[row] * w;
        }
    }
}
