package org.expertgrid.kernels.vector.wide;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;

/**
 * The loops of the vector kernels in single precision; {@link DoubleTiles} is its twin. Each adds {@code depth} products to
 * every sum of a tile of some rows by some pairs of vectors, and nothing else.
 *
 * <p>A pair of vectors begins at {@code w0} in the weights, and its right one {@code toRight} further on. What a loop needs stays in local
 * variables; otherwise the compiler of JDK 17 runs out of registers. Public only because rooms are apart.
 */
public final class FloatTiles {
    /** The widest vectors that a row of a panel is long enough for. */
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED.vectorBitSize() > 512
            ? FloatVector.SPECIES_512
            : FloatVector.SPECIES_PREFERRED;

    /** How many numbers a vector holds. */
    public static final int LANES = SPECIES.length();

    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    private FloatTiles() {}

    /** Eight rows by one pair; the second four rows begin at {@code x1}. */
    public static void eightRows(
            float[] x, int x0, int x1, int depth, float[] weights, int w0, int toRight, float[] tile, int t) {
        FloatVector l0 = FloatVector.fromArray(SPECIES, tile, t);
        FloatVector r0 = FloatVector.fromArray(SPECIES, tile, t + LANES);
        FloatVector l1 = FloatVector.fromArray(SPECIES, tile, t + 2 * LANES);
        FloatVector r1 = FloatVector.fromArray(SPECIES, tile, t + 3 * LANES);
        FloatVector l2 = FloatVector.fromArray(SPECIES, tile, t + 4 * LANES);
        FloatVector r2 = FloatVector.fromArray(SPECIES, tile, t + 5 * LANES);
        FloatVector l3 = FloatVector.fromArray(SPECIES, tile, t + 6 * LANES);
        FloatVector r3 = FloatVector.fromArray(SPECIES, tile, t + 7 * LANES);
        FloatVector l4 = FloatVector.fromArray(SPECIES, tile, t + 8 * LANES);
        FloatVector r4 = FloatVector.fromArray(SPECIES, tile, t + 9 * LANES);
        FloatVector l5 = FloatVector.fromArray(SPECIES, tile, t + 10 * LANES);
        FloatVector r5 = FloatVector.fromArray(SPECIES, tile, t + 11 * LANES);
        FloatVector l6 = FloatVector.fromArray(SPECIES, tile, t + 12 * LANES);
        FloatVector r6 = FloatVector.fromArray(SPECIES, tile, t + 13 * LANES);
        FloatVector l7 = FloatVector.fromArray(SPECIES, tile, t + 14 * LANES);
        FloatVector r7 = FloatVector.fromArray(SPECIES, tile, t + 15 * LANES);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(SPECIES, weights, w0 + k * STEP);
            FloatVector right = FloatVector.fromArray(SPECIES, weights, w0 + toRight + k * STEP);
            FloatVector e0 = FloatVector.broadcast(SPECIES, x[x0 + k * 4]);
            l0 = e0.fma(left, l0);
            r0 = e0.fma(right, r0);
            FloatVector e1 = FloatVector.broadcast(SPECIES, x[x0 + k * 4 + 1]);
            l1 = e1.fma(left, l1);
            r1 = e1.fma(right, r1);
            FloatVector e2 = FloatVector.broadcast(SPECIES, x[x0 + k * 4 + 2]);
            l2 = e2.fma(left, l2);
            r2 = e2.fma(right, r2);
            FloatVector e3 = FloatVector.broadcast(SPECIES, x[x0 + k * 4 + 3]);
            l3 = e3.fma(left, l3);
            r3 = e3.fma(right, r3);
            FloatVector e4 = FloatVector.broadcast(SPECIES, x[x1 + k * 4]);
            l4 = e4.fma(left, l4);
            r4 = e4.fma(right, r4);
            FloatVector e5 = FloatVector.broadcast(SPECIES, x[x1 + k * 4 + 1]);
            l5 = e5.fma(left, l5);
            r5 = e5.fma(right, r5);
            FloatVector e6 = FloatVector.broadcast(SPECIES, x[x1 + k * 4 + 2]);
            l6 = e6.fma(left, l6);
            r6 = e6.fma(right, r6);
            FloatVector e7 = FloatVector.broadcast(SPECIES, x[x1 + k * 4 + 3]);
            l7 = e7.fma(left, l7);
            r7 = e7.fma(right, r7);
        }
        l0.intoArray(tile, t);
        r0.intoArray(tile, t + LANES);
        l1.intoArray(tile, t + 2 * LANES);
        r1.intoArray(tile, t + 3 * LANES);
        l2.intoArray(tile, t + 4 * LANES);
        r2.intoArray(tile, t + 5 * LANES);
        l3.intoArray(tile, t + 6 * LANES);
        r3.intoArray(tile, t + 7 * LANES);
        l4.intoArray(tile, t + 8 * LANES);
        r4.intoArray(tile, t + 9 * LANES);
        l5.intoArray(tile, t + 10 * LANES);
        r5.intoArray(tile, t + 11 * LANES);
        l6.intoArray(tile, t + 12 * LANES);
        r6.intoArray(tile, t + 13 * LANES);
        l7.intoArray(tile, t + 14 * LANES);
        r7.intoArray(tile, t + 15 * LANES);
    }

    /** Four rows by one pair. */
    public static void fourRows(
            float[] x, int x0, int depth, float[] weights, int w0, int toRight, float[] tile, int t) {
        FloatVector l0 = FloatVector.fromArray(SPECIES, tile, t);
        FloatVector r0 = FloatVector.fromArray(SPECIES, tile, t + LANES);
        FloatVector l1 = FloatVector.fromArray(SPECIES, tile, t + 2 * LANES);
        FloatVector r1 = FloatVector.fromArray(SPECIES, tile, t + 3 * LANES);
        FloatVector l2 = FloatVector.fromArray(SPECIES, tile, t + 4 * LANES);
        FloatVector r2 = FloatVector.fromArray(SPECIES, tile, t + 5 * LANES);
        FloatVector l3 = FloatVector.fromArray(SPECIES, tile, t + 6 * LANES);
        FloatVector r3 = FloatVector.fromArray(SPECIES, tile, t + 7 * LANES);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(SPECIES, weights, w0 + k * STEP);
            FloatVector right = FloatVector.fromArray(SPECIES, weights, w0 + toRight + k * STEP);
            FloatVector e0 = FloatVector.broadcast(SPECIES, x[x0 + k * 4]);
            l0 = e0.fma(left, l0);
            r0 = e0.fma(right, r0);
            FloatVector e1 = FloatVector.broadcast(SPECIES, x[x0 + k * 4 + 1]);
            l1 = e1.fma(left, l1);
            r1 = e1.fma(right, r1);
            FloatVector e2 = FloatVector.broadcast(SPECIES, x[x0 + k * 4 + 2]);
            l2 = e2.fma(left, l2);
            r2 = e2.fma(right, r2);
            FloatVector e3 = FloatVector.broadcast(SPECIES, x[x0 + k * 4 + 3]);
            l3 = e3.fma(left, l3);
            r3 = e3.fma(right, r3);
        }
        l0.intoArray(tile, t);
        r0.intoArray(tile, t + LANES);
        l1.intoArray(tile, t + 2 * LANES);
        r1.intoArray(tile, t + 3 * LANES);
        l2.intoArray(tile, t + 4 * LANES);
        r2.intoArray(tile, t + 5 * LANES);
        l3.intoArray(tile, t + 6 * LANES);
        r3.intoArray(tile, t + 7 * LANES);
    }

    /** Four rows by two pairs. */
    static void fourRowsTwoPairs(
            float[] x, int x0, int depth, float[] weights, int w0, int w1, int toRight, float[] tile, int t) {
        FloatVector l00 = FloatVector.fromArray(SPECIES, tile, t);
        FloatVector r00 = FloatVector.fromArray(SPECIES, tile, t + LANES);
        FloatVector l10 = FloatVector.fromArray(SPECIES, tile, t + 2 * LANES);
        FloatVector r10 = FloatVector.fromArray(SPECIES, tile, t + 3 * LANES);
        FloatVector l01 = FloatVector.fromArray(SPECIES, tile, t + 4 * LANES);
        FloatVector r01 = FloatVector.fromArray(SPECIES, tile, t + 5 * LANES);
        FloatVector l11 = FloatVector.fromArray(SPECIES, tile, t + 6 * LANES);
        FloatVector r11 = FloatVector.fromArray(SPECIES, tile, t + 7 * LANES);
        FloatVector l02 = FloatVector.fromArray(SPECIES, tile, t + 8 * LANES);
        FloatVector r02 = FloatVector.fromArray(SPECIES, tile, t + 9 * LANES);
        FloatVector l12 = FloatVector.fromArray(SPECIES, tile, t + 10 * LANES);
        FloatVector r12 = FloatVector.fromArray(SPECIES, tile, t + 11 * LANES);
        FloatVector l03 = FloatVector.fromArray(SPECIES, tile, t + 12 * LANES);
        FloatVector r03 = FloatVector.fromArray(SPECIES, tile, t + 13 * LANES);
        FloatVector l13 = FloatVector.fromArray(SPECIES, tile, t + 14 * LANES);
        FloatVector r13 = FloatVector.fromArray(SPECIES, tile, t + 15 * LANES);
        for (int k = 0; k < depth; k++) {
            FloatVector left0 = FloatVector.fromArray(SPECIES, weights, w0 + k * STEP);
            FloatVector right0 = FloatVector.fromArray(SPECIES, weights, w0 + toRight + k * STEP);
            FloatVector left1 = FloatVector.fromArray(SPECIES, weights, w1 + k * STEP);
            FloatVector right1 = FloatVector.fromArray(SPECIES, weights, w1 + toRight + k * STEP);
            FloatVector e0 = FloatVector.broadcast(SPECIES, x[x0 + k * 4]);
            l00 = e0.fma(left0, l00);
            r00 = e0.fma(right0, r00);
            l10 = e0.fma(left1, l10);
            r10 = e0.fma(right1, r10);
            FloatVector e1 = FloatVector.broadcast(SPECIES, x[x0 + k * 4 + 1]);
            l01 = e1.fma(left0, l01);
            r01 = e1.fma(right0, r01);
            l11 = e1.fma(left1, l11);
            r11 = e1.fma(right1, r11);
            FloatVector e2 = FloatVector.broadcast(SPECIES, x[x0 + k * 4 + 2]);
            l02 = e2.fma(left0, l02);
            r02 = e2.fma(right0, r02);
            l12 = e2.fma(left1, l12);
            r12 = e2.fma(right1, r12);
            FloatVector e3 = FloatVector.broadcast(SPECIES, x[x0 + k * 4 + 3]);
            l03 = e3.fma(left0, l03);
            r03 = e3.fma(right0, r03);
            l13 = e3.fma(left1, l13);
            r13 = e3.fma(right1, r13);
        }
        l00.intoArray(tile, t);
        r00.intoArray(tile, t + LANES);
        l10.intoArray(tile, t + 2 * LANES);
        r10.intoArray(tile, t + 3 * LANES);
        l01.intoArray(tile, t + 4 * LANES);
        r01.intoArray(tile, t + 5 * LANES);
        l11.intoArray(tile, t + 6 * LANES);
        r11.intoArray(tile, t + 7 * LANES);
        l02.intoArray(tile, t + 8 * LANES);
        r02.intoArray(tile, t + 9 * LANES);
        l12.intoArray(tile, t + 10 * LANES);
        r12.intoArray(tile, t + 11 * LANES);
        l03.intoArray(tile, t + 12 * LANES);
        r03.intoArray(tile, t + 13 * LANES);
        l13.intoArray(tile, t + 14 * LANES);
        r13.intoArray(tile, t + 15 * LANES);
    }

    /** One row by four pairs. */
    static void oneRowFourPairs(
            float[] x,
            int x0,
            int depth,
            float[] weights,
            int w0,
            int w1,
            int w2,
            int w3,
            int toRight,
            float[] tile,
            int t) {
        FloatVector l00 = FloatVector.fromArray(SPECIES, tile, t);
        FloatVector r00 = FloatVector.fromArray(SPECIES, tile, t + LANES);
        FloatVector l10 = FloatVector.fromArray(SPECIES, tile, t + 2 * LANES);
        FloatVector r10 = FloatVector.fromArray(SPECIES, tile, t + 3 * LANES);
        FloatVector l20 = FloatVector.fromArray(SPECIES, tile, t + 4 * LANES);
        FloatVector r20 = FloatVector.fromArray(SPECIES, tile, t + 5 * LANES);
        FloatVector l30 = FloatVector.fromArray(SPECIES, tile, t + 6 * LANES);
        FloatVector r30 = FloatVector.fromArray(SPECIES, tile, t + 7 * LANES);
        for (int k = 0; k < depth; k++) {
            FloatVector e0 = FloatVector.broadcast(SPECIES, x[x0 + k * 4]);
            l00 = e0.fma(FloatVector.fromArray(SPECIES, weights, w0 + k * STEP), l00);
            r00 = e0.fma(FloatVector.fromArray(SPECIES, weights, w0 + toRight + k * STEP), r00);
            l10 = e0.fma(FloatVector.fromArray(SPECIES, weights, w1 + k * STEP), l10);
            r10 = e0.fma(FloatVector.fromArray(SPECIES, weights, w1 + toRight + k * STEP), r10);
            l20 = e0.fma(FloatVector.fromArray(SPECIES, weights, w2 + k * STEP), l20);
            r20 = e0.fma(FloatVector.fromArray(SPECIES, weights, w2 + toRight + k * STEP), r20);
            l30 = e0.fma(FloatVector.fromArray(SPECIES, weights, w3 + k * STEP), l30);
            r30 = e0.fma(FloatVector.fromArray(SPECIES, weights, w3 + toRight + k * STEP), r30);
        }
        l00.intoArray(tile, t);
        r00.intoArray(tile, t + LANES);
        l10.intoArray(tile, t + 2 * LANES);
        r10.intoArray(tile, t + 3 * LANES);
        l20.intoArray(tile, t + 4 * LANES);
        r20.intoArray(tile, t + 5 * LANES);
        l30.intoArray(tile, t + 6 * LANES);
        r30.intoArray(tile, t + 7 * LANES);
    }
}
