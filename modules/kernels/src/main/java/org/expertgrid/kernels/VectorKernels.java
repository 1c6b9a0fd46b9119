package org.expertgrid.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product in the vector instructions of the processor, by {@code jdk.incubator.vector}; the only class that knows
 * that module, and not to be touched where it is missing.
 *
 * <h2>Shape</h2>
 *
 * <pre>
 *                        panel p            panel p + 1
 *                   [ left | right ]     [ left | right ]     one row k of the weights: two vectors a panel
 *   x0 k, x0 k ..     l0     r0
 *   x1 k, x1 k ..     l1     r1           a tile: one register for each vector of sums,
 *   ..                ..     ..           which stays in it from the first k to the last
 * </pre>
 *
 * Weights lie in panels of two vectors ({@link ColumnPanels}), rows in groups of four ({@link InterleavedRows}), so
 * that both are read from the front to the back. In each step over k a tile reads one row of the panel, and multiplies
 * it with one number of each of its rows, repeated in all lanes. Eight rows by one panel, sixteen sums, keep the multipliers busy while
 * they read little; with the loads that the compiler moves ahead they fit into 32 registers, which twelve rows do not.
 * Where there are 16 registers, four rows by one panel do as well. A panel that comes from memory and not from a cache is
 * waited for, and several streams are waited for together: so few rows take two panels at once, and one row takes four.
 *
 * <h2>Order of additions</h2>
 *
 * Each sum begins with zero and takes one fused multiply-add for each k, from the first to the last; then comes the
 * bias. There are no blocks of k and nothing is added across lanes, so all tiles give the same bits, and those of a plain
 * loop over {@link Math#fma}. Measured against blocks of k, which need a second pass over the sums, nothing is lost by it.
 *
 * <h2>Edges</h2>
 *
 * There are no masks: a group of rows and a panel of columns are filled up with zeros, computed with the rest, and not
 * looked at. A NaN in a row meets the zeros of a panel, but only in a column that nobody sees.
 *
 * <p>What a loop of this class needs stays in local variables, and the bias, the activation, and the target have no part
 * in it ({@link VectorDoubles}, {@link VectorFloats}): otherwise the compiler of JDK 17 runs out of registers. Each of these
 * methods is more than 325 bytes of bytecode, and so is not inlined: with two of them in one method, C2 was seen to make an
 * object of a vector in each step.
 */
final class VectorKernels implements Kernels {
    static final String NAME = "vector";

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final int D = DOUBLES.length();
    private static final int F = FLOATS.length();

    /** AVX-512 and ARM have 32 vector registers; others have 16. */
    static final boolean MANY_REGISTERS =
            DOUBLES.vectorBitSize() == 512 || System.getProperty("os.arch").equals("aarch64");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return NAME + ", " + DOUBLES.vectorBitSize() + " bits";
    }

    @Override
    public PackedWeights pack(Matrix weight, Matrix bias) {
        Shapes.weight(weight, bias);
        return new ColumnPanels(weight, bias, 2 * (weight.elementType() == ElementType.FLOAT64 ? D : F));
    }

    @Override
    public PackedRows rows(ElementType type) {
        return new InterleavedRows(type);
    }

    @Override
    public void gather(Matrix x, int[] selection, int from, int to, PackedRows target) {
        Shapes.gather(NAME, x, selection, from, to, target);
        ((InterleavedRows) target).gather(x, selection, from, to);
    }

    @Override
    public void multiply(PackedRows rows, PackedWeights weights, Region region, Activation activation, Target target) {
        Shapes.product(NAME, rows, weights, region, target);
        InterleavedRows left = (InterleavedRows) rows;
        ColumnPanels right = (ColumnPanels) weights;
        switch (weights.elementType()) {
            case FLOAT64 -> new VectorDoubles(left, right, region, activation, target).multiply();
            case FLOAT32 -> new VectorFloats(left, right, region, activation, target).multiply();
        }
    }

    static void eightRows(double[] x, int x0, int depth, double[] weights, int w0, double[] tile) {
        int step = 2 * D;
        DoubleVector zero = DoubleVector.zero(DOUBLES);
        DoubleVector l0 = zero, r0 = zero, l1 = zero, r1 = zero, l2 = zero, r2 = zero, l3 = zero, r3 = zero;
        DoubleVector l4 = zero, r4 = zero, l5 = zero, r5 = zero, l6 = zero, r6 = zero, l7 = zero, r7 = zero;
        int x1 = x0 + 4 * depth;
        for (int k = 0; k < depth; k++) {
            DoubleVector left = DoubleVector.fromArray(DOUBLES, weights, w0 + k * step);
            DoubleVector right = DoubleVector.fromArray(DOUBLES, weights, w0 + k * step + D);
            DoubleVector e0 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4]);
            l0 = e0.fma(left, l0);
            r0 = e0.fma(right, r0);
            DoubleVector e1 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4 + 1]);
            l1 = e1.fma(left, l1);
            r1 = e1.fma(right, r1);
            DoubleVector e2 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4 + 2]);
            l2 = e2.fma(left, l2);
            r2 = e2.fma(right, r2);
            DoubleVector e3 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4 + 3]);
            l3 = e3.fma(left, l3);
            r3 = e3.fma(right, r3);
            DoubleVector e4 = DoubleVector.broadcast(DOUBLES, x[x1 + k * 4]);
            l4 = e4.fma(left, l4);
            r4 = e4.fma(right, r4);
            DoubleVector e5 = DoubleVector.broadcast(DOUBLES, x[x1 + k * 4 + 1]);
            l5 = e5.fma(left, l5);
            r5 = e5.fma(right, r5);
            DoubleVector e6 = DoubleVector.broadcast(DOUBLES, x[x1 + k * 4 + 2]);
            l6 = e6.fma(left, l6);
            r6 = e6.fma(right, r6);
            DoubleVector e7 = DoubleVector.broadcast(DOUBLES, x[x1 + k * 4 + 3]);
            l7 = e7.fma(left, l7);
            r7 = e7.fma(right, r7);
        }
        store(l0, r0, tile, 0);
        store(l1, r1, tile, 1);
        store(l2, r2, tile, 2);
        store(l3, r3, tile, 3);
        store(l4, r4, tile, 4);
        store(l5, r5, tile, 5);
        store(l6, r6, tile, 6);
        store(l7, r7, tile, 7);
    }

    static void fourRows(double[] x, int x0, int depth, double[] weights, int w0, double[] tile) {
        int step = 2 * D;
        DoubleVector zero = DoubleVector.zero(DOUBLES);
        DoubleVector l0 = zero, r0 = zero, l1 = zero, r1 = zero, l2 = zero, r2 = zero, l3 = zero, r3 = zero;
        for (int k = 0; k < depth; k++) {
            DoubleVector left = DoubleVector.fromArray(DOUBLES, weights, w0 + k * step);
            DoubleVector right = DoubleVector.fromArray(DOUBLES, weights, w0 + k * step + D);
            DoubleVector e0 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4]);
            l0 = e0.fma(left, l0);
            r0 = e0.fma(right, r0);
            DoubleVector e1 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4 + 1]);
            l1 = e1.fma(left, l1);
            r1 = e1.fma(right, r1);
            DoubleVector e2 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4 + 2]);
            l2 = e2.fma(left, l2);
            r2 = e2.fma(right, r2);
            DoubleVector e3 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4 + 3]);
            l3 = e3.fma(left, l3);
            r3 = e3.fma(right, r3);
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, D);
        l1.intoArray(tile, step);
        r1.intoArray(tile, step + D);
        l2.intoArray(tile, 2 * step);
        r2.intoArray(tile, 2 * step + D);
        l3.intoArray(tile, 3 * step);
        r3.intoArray(tile, 3 * step + D);
    }

    static void fourRowsTwoPanels(double[] x, int x0, int depth, double[] weights, int w0, double[] tile) {
        int step = 2 * D;
        DoubleVector zero = DoubleVector.zero(DOUBLES);
        DoubleVector l0 = zero, r0 = zero, l1 = zero, r1 = zero, l2 = zero, r2 = zero, l3 = zero, r3 = zero;
        DoubleVector m0 = zero, s0 = zero, m1 = zero, s1 = zero, m2 = zero, s2 = zero, m3 = zero, s3 = zero;
        int w1 = w0 + step * depth;
        for (int k = 0; k < depth; k++) {
            DoubleVector left0 = DoubleVector.fromArray(DOUBLES, weights, w0 + k * step);
            DoubleVector right0 = DoubleVector.fromArray(DOUBLES, weights, w0 + k * step + D);
            DoubleVector left1 = DoubleVector.fromArray(DOUBLES, weights, w1 + k * step);
            DoubleVector right1 = DoubleVector.fromArray(DOUBLES, weights, w1 + k * step + D);
            DoubleVector e0 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4]);
            l0 = e0.fma(left0, l0);
            r0 = e0.fma(right0, r0);
            m0 = e0.fma(left1, m0);
            s0 = e0.fma(right1, s0);
            DoubleVector e1 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4 + 1]);
            l1 = e1.fma(left0, l1);
            r1 = e1.fma(right0, r1);
            m1 = e1.fma(left1, m1);
            s1 = e1.fma(right1, s1);
            DoubleVector e2 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4 + 2]);
            l2 = e2.fma(left0, l2);
            r2 = e2.fma(right0, r2);
            m2 = e2.fma(left1, m2);
            s2 = e2.fma(right1, s2);
            DoubleVector e3 = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4 + 3]);
            l3 = e3.fma(left0, l3);
            r3 = e3.fma(right0, r3);
            m3 = e3.fma(left1, m3);
            s3 = e3.fma(right1, s3);
        }
        store(l0, r0, tile, 0);
        store(m0, s0, tile, 1);
        store(l1, r1, tile, 2);
        store(m1, s1, tile, 3);
        store(l2, r2, tile, 4);
        store(m2, s2, tile, 5);
        store(l3, r3, tile, 6);
        store(m3, s3, tile, 7);
    }

    static void oneRowFourPanels(double[] x, int x0, int depth, double[] weights, int w0, double[] tile) {
        int step = 2 * D;
        DoubleVector zero = DoubleVector.zero(DOUBLES);
        DoubleVector l0 = zero, r0 = zero, l1 = zero, r1 = zero, l2 = zero, r2 = zero, l3 = zero, r3 = zero;
        int panel = step * depth;
        for (int k = 0; k < depth; k++) {
            DoubleVector e = DoubleVector.broadcast(DOUBLES, x[x0 + k * 4]);
            int w = w0 + k * step;
            l0 = e.fma(DoubleVector.fromArray(DOUBLES, weights, w), l0);
            r0 = e.fma(DoubleVector.fromArray(DOUBLES, weights, w + D), r0);
            l1 = e.fma(DoubleVector.fromArray(DOUBLES, weights, w + panel), l1);
            r1 = e.fma(DoubleVector.fromArray(DOUBLES, weights, w + panel + D), r1);
            l2 = e.fma(DoubleVector.fromArray(DOUBLES, weights, w + 2 * panel), l2);
            r2 = e.fma(DoubleVector.fromArray(DOUBLES, weights, w + 2 * panel + D), r2);
            l3 = e.fma(DoubleVector.fromArray(DOUBLES, weights, w + 3 * panel), l3);
            r3 = e.fma(DoubleVector.fromArray(DOUBLES, weights, w + 3 * panel + D), r3);
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, D);
        l1.intoArray(tile, step);
        r1.intoArray(tile, step + D);
        l2.intoArray(tile, 2 * step);
        r2.intoArray(tile, 2 * step + D);
        l3.intoArray(tile, 3 * step);
        r3.intoArray(tile, 3 * step + D);
    }

    private static void store(DoubleVector left, DoubleVector right, double[] tile, int row) {
        left.intoArray(tile, row * 2 * D);
        right.intoArray(tile, row * 2 * D + D);
    }

    static void eightRows(float[] x, int x0, int depth, float[] weights, int w0, float[] tile) {
        int step = 2 * F;
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector l0 = zero, r0 = zero, l1 = zero, r1 = zero, l2 = zero, r2 = zero, l3 = zero, r3 = zero;
        FloatVector l4 = zero, r4 = zero, l5 = zero, r5 = zero, l6 = zero, r6 = zero, l7 = zero, r7 = zero;
        int x1 = x0 + 4 * depth;
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(FLOATS, weights, w0 + k * step);
            FloatVector right = FloatVector.fromArray(FLOATS, weights, w0 + k * step + F);
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[x0 + k * 4]);
            l0 = e0.fma(left, l0);
            r0 = e0.fma(right, r0);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[x0 + k * 4 + 1]);
            l1 = e1.fma(left, l1);
            r1 = e1.fma(right, r1);
            FloatVector e2 = FloatVector.broadcast(FLOATS, x[x0 + k * 4 + 2]);
            l2 = e2.fma(left, l2);
            r2 = e2.fma(right, r2);
            FloatVector e3 = FloatVector.broadcast(FLOATS, x[x0 + k * 4 + 3]);
            l3 = e3.fma(left, l3);
            r3 = e3.fma(right, r3);
            FloatVector e4 = FloatVector.broadcast(FLOATS, x[x1 + k * 4]);
            l4 = e4.fma(left, l4);
            r4 = e4.fma(right, r4);
            FloatVector e5 = FloatVector.broadcast(FLOATS, x[x1 + k * 4 + 1]);
            l5 = e5.fma(left, l5);
            r5 = e5.fma(right, r5);
            FloatVector e6 = FloatVector.broadcast(FLOATS, x[x1 + k * 4 + 2]);
            l6 = e6.fma(left, l6);
            r6 = e6.fma(right, r6);
            FloatVector e7 = FloatVector.broadcast(FLOATS, x[x1 + k * 4 + 3]);
            l7 = e7.fma(left, l7);
            r7 = e7.fma(right, r7);
        }
        store(l0, r0, tile, 0);
        store(l1, r1, tile, 1);
        store(l2, r2, tile, 2);
        store(l3, r3, tile, 3);
        store(l4, r4, tile, 4);
        store(l5, r5, tile, 5);
        store(l6, r6, tile, 6);
        store(l7, r7, tile, 7);
    }

    static void fourRows(float[] x, int x0, int depth, float[] weights, int w0, float[] tile) {
        int step = 2 * F;
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector l0 = zero, r0 = zero, l1 = zero, r1 = zero, l2 = zero, r2 = zero, l3 = zero, r3 = zero;
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(FLOATS, weights, w0 + k * step);
            FloatVector right = FloatVector.fromArray(FLOATS, weights, w0 + k * step + F);
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[x0 + k * 4]);
            l0 = e0.fma(left, l0);
            r0 = e0.fma(right, r0);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[x0 + k * 4 + 1]);
            l1 = e1.fma(left, l1);
            r1 = e1.fma(right, r1);
            FloatVector e2 = FloatVector.broadcast(FLOATS, x[x0 + k * 4 + 2]);
            l2 = e2.fma(left, l2);
            r2 = e2.fma(right, r2);
            FloatVector e3 = FloatVector.broadcast(FLOATS, x[x0 + k * 4 + 3]);
            l3 = e3.fma(left, l3);
            r3 = e3.fma(right, r3);
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, F);
        l1.intoArray(tile, step);
        r1.intoArray(tile, step + F);
        l2.intoArray(tile, 2 * step);
        r2.intoArray(tile, 2 * step + F);
        l3.intoArray(tile, 3 * step);
        r3.intoArray(tile, 3 * step + F);
    }

    static void fourRowsTwoPanels(float[] x, int x0, int depth, float[] weights, int w0, float[] tile) {
        int step = 2 * F;
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector l0 = zero, r0 = zero, l1 = zero, r1 = zero, l2 = zero, r2 = zero, l3 = zero, r3 = zero;
        FloatVector m0 = zero, s0 = zero, m1 = zero, s1 = zero, m2 = zero, s2 = zero, m3 = zero, s3 = zero;
        int w1 = w0 + step * depth;
        for (int k = 0; k < depth; k++) {
            FloatVector left0 = FloatVector.fromArray(FLOATS, weights, w0 + k * step);
            FloatVector right0 = FloatVector.fromArray(FLOATS, weights, w0 + k * step + F);
            FloatVector left1 = FloatVector.fromArray(FLOATS, weights, w1 + k * step);
            FloatVector right1 = FloatVector.fromArray(FLOATS, weights, w1 + k * step + F);
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[x0 + k * 4]);
            l0 = e0.fma(left0, l0);
            r0 = e0.fma(right0, r0);
            m0 = e0.fma(left1, m0);
            s0 = e0.fma(right1, s0);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[x0 + k * 4 + 1]);
            l1 = e1.fma(left0, l1);
            r1 = e1.fma(right0, r1);
            m1 = e1.fma(left1, m1);
            s1 = e1.fma(right1, s1);
            FloatVector e2 = FloatVector.broadcast(FLOATS, x[x0 + k * 4 + 2]);
            l2 = e2.fma(left0, l2);
            r2 = e2.fma(right0, r2);
            m2 = e2.fma(left1, m2);
            s2 = e2.fma(right1, s2);
            FloatVector e3 = FloatVector.broadcast(FLOATS, x[x0 + k * 4 + 3]);
            l3 = e3.fma(left0, l3);
            r3 = e3.fma(right0, r3);
            m3 = e3.fma(left1, m3);
            s3 = e3.fma(right1, s3);
        }
        store(l0, r0, tile, 0);
        store(m0, s0, tile, 1);
        store(l1, r1, tile, 2);
        store(m1, s1, tile, 3);
        store(l2, r2, tile, 4);
        store(m2, s2, tile, 5);
        store(l3, r3, tile, 6);
        store(m3, s3, tile, 7);
    }

    static void oneRowFourPanels(float[] x, int x0, int depth, float[] weights, int w0, float[] tile) {
        int step = 2 * F;
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector l0 = zero, r0 = zero, l1 = zero, r1 = zero, l2 = zero, r2 = zero, l3 = zero, r3 = zero;
        int panel = step * depth;
        for (int k = 0; k < depth; k++) {
            FloatVector e = FloatVector.broadcast(FLOATS, x[x0 + k * 4]);
            int w = w0 + k * step;
            l0 = e.fma(FloatVector.fromArray(FLOATS, weights, w), l0);
            r0 = e.fma(FloatVector.fromArray(FLOATS, weights, w + F), r0);
            l1 = e.fma(FloatVector.fromArray(FLOATS, weights, w + panel), l1);
            r1 = e.fma(FloatVector.fromArray(FLOATS, weights, w + panel + F), r1);
            l2 = e.fma(FloatVector.fromArray(FLOATS, weights, w + 2 * panel), l2);
            r2 = e.fma(FloatVector.fromArray(FLOATS, weights, w + 2 * panel + F), r2);
            l3 = e.fma(FloatVector.fromArray(FLOATS, weights, w + 3 * panel), l3);
            r3 = e.fma(FloatVector.fromArray(FLOATS, weights, w + 3 * panel + F), r3);
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, F);
        l1.intoArray(tile, step);
        r1.intoArray(tile, step + F);
        l2.intoArray(tile, 2 * step);
        r2.intoArray(tile, 2 * step + F);
        l3.intoArray(tile, 3 * step);
        r3.intoArray(tile, 3 * step + F);
    }

    private static void store(FloatVector left, FloatVector right, float[] tile, int row) {
        left.intoArray(tile, row * 2 * F);
        right.intoArray(tile, row * 2 * F + F);
    }
}
