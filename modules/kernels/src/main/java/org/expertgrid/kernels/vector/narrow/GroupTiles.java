package org.expertgrid.kernels.vector.narrow;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.vector.wide.FloatTiles;

/**
 * The loops over one group of inputs for rows that are narrowed to 8 bits, as {@link FloatTiles} has them for float32. The products of codes are
 * added in registers, where they are integers, and only then multiplied by both scales and added to the sums of the rows.
 *
 * <p>A pair of vectors begins at {@code w0} in the codes of the weights, and its right one {@code toRight} further on; so do their scales, at
 * {@code s0} and {@code scalesToRight}.
 */
final class GroupTiles {
    private static final VectorSpecies<Float> SPECIES = FloatTiles.SPECIES;
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    private GroupTiles() {}

    /** Eight rows by one pair; the second four rows begin at {@code x1}, and their scales at {@code r1At}. */
    static void eightRows(
            float[] x,
            int x0,
            int x1,
            float[] rowScales,
            int r0At,
            int r1At,
            int depth,
            float[] codes,
            int w0,
            int toRight,
            float[] scales,
            int s0,
            int scalesToRight,
            float[] sums,
            int t) {
        FloatVector l0 = FloatVector.zero(SPECIES),
                r0 = l0,
                l1 = l0,
                r1 = l0,
                l2 = l0,
                r2 = l0,
                l3 = l0,
                r3 = l0,
                l4 = l0,
                r4 = l0,
                l5 = l0,
                r5 = l0,
                l6 = l0,
                r6 = l0,
                l7 = l0,
                r7 = l0;
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(SPECIES, codes, w0 + k * STEP);
            FloatVector right = FloatVector.fromArray(SPECIES, codes, w0 + toRight + k * STEP);
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
        FloatVector leftScale = FloatVector.fromArray(SPECIES, scales, s0);
        FloatVector rightScale = FloatVector.fromArray(SPECIES, scales, s0 + scalesToRight);
        l0.fma(leftScale.mul(rowScales[r0At]), FloatVector.fromArray(SPECIES, sums, t))
                .intoArray(sums, t);
        r0.fma(rightScale.mul(rowScales[r0At]), FloatVector.fromArray(SPECIES, sums, t + LANES))
                .intoArray(sums, t + LANES);
        l1.fma(leftScale.mul(rowScales[r0At + 1]), FloatVector.fromArray(SPECIES, sums, t + 2 * LANES))
                .intoArray(sums, t + 2 * LANES);
        r1.fma(rightScale.mul(rowScales[r0At + 1]), FloatVector.fromArray(SPECIES, sums, t + 3 * LANES))
                .intoArray(sums, t + 3 * LANES);
        l2.fma(leftScale.mul(rowScales[r0At + 2]), FloatVector.fromArray(SPECIES, sums, t + 4 * LANES))
                .intoArray(sums, t + 4 * LANES);
        r2.fma(rightScale.mul(rowScales[r0At + 2]), FloatVector.fromArray(SPECIES, sums, t + 5 * LANES))
                .intoArray(sums, t + 5 * LANES);
        l3.fma(leftScale.mul(rowScales[r0At + 3]), FloatVector.fromArray(SPECIES, sums, t + 6 * LANES))
                .intoArray(sums, t + 6 * LANES);
        r3.fma(rightScale.mul(rowScales[r0At + 3]), FloatVector.fromArray(SPECIES, sums, t + 7 * LANES))
                .intoArray(sums, t + 7 * LANES);
        l4.fma(leftScale.mul(rowScales[r1At]), FloatVector.fromArray(SPECIES, sums, t + 8 * LANES))
                .intoArray(sums, t + 8 * LANES);
        r4.fma(rightScale.mul(rowScales[r1At]), FloatVector.fromArray(SPECIES, sums, t + 9 * LANES))
                .intoArray(sums, t + 9 * LANES);
        l5.fma(leftScale.mul(rowScales[r1At + 1]), FloatVector.fromArray(SPECIES, sums, t + 10 * LANES))
                .intoArray(sums, t + 10 * LANES);
        r5.fma(rightScale.mul(rowScales[r1At + 1]), FloatVector.fromArray(SPECIES, sums, t + 11 * LANES))
                .intoArray(sums, t + 11 * LANES);
        l6.fma(leftScale.mul(rowScales[r1At + 2]), FloatVector.fromArray(SPECIES, sums, t + 12 * LANES))
                .intoArray(sums, t + 12 * LANES);
        r6.fma(rightScale.mul(rowScales[r1At + 2]), FloatVector.fromArray(SPECIES, sums, t + 13 * LANES))
                .intoArray(sums, t + 13 * LANES);
        l7.fma(leftScale.mul(rowScales[r1At + 3]), FloatVector.fromArray(SPECIES, sums, t + 14 * LANES))
                .intoArray(sums, t + 14 * LANES);
        r7.fma(rightScale.mul(rowScales[r1At + 3]), FloatVector.fromArray(SPECIES, sums, t + 15 * LANES))
                .intoArray(sums, t + 15 * LANES);
    }

    /** Four rows by one pair. */
    static void fourRows(
            float[] x,
            int x0,
            float[] rowScales,
            int r0At,
            int depth,
            float[] codes,
            int w0,
            int toRight,
            float[] scales,
            int s0,
            int scalesToRight,
            float[] sums,
            int t) {
        FloatVector l0 = FloatVector.zero(SPECIES), r0 = l0, l1 = l0, r1 = l0, l2 = l0, r2 = l0, l3 = l0, r3 = l0;
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(SPECIES, codes, w0 + k * STEP);
            FloatVector right = FloatVector.fromArray(SPECIES, codes, w0 + toRight + k * STEP);
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
        FloatVector leftScale = FloatVector.fromArray(SPECIES, scales, s0);
        FloatVector rightScale = FloatVector.fromArray(SPECIES, scales, s0 + scalesToRight);
        l0.fma(leftScale.mul(rowScales[r0At]), FloatVector.fromArray(SPECIES, sums, t))
                .intoArray(sums, t);
        r0.fma(rightScale.mul(rowScales[r0At]), FloatVector.fromArray(SPECIES, sums, t + LANES))
                .intoArray(sums, t + LANES);
        l1.fma(leftScale.mul(rowScales[r0At + 1]), FloatVector.fromArray(SPECIES, sums, t + 2 * LANES))
                .intoArray(sums, t + 2 * LANES);
        r1.fma(rightScale.mul(rowScales[r0At + 1]), FloatVector.fromArray(SPECIES, sums, t + 3 * LANES))
                .intoArray(sums, t + 3 * LANES);
        l2.fma(leftScale.mul(rowScales[r0At + 2]), FloatVector.fromArray(SPECIES, sums, t + 4 * LANES))
                .intoArray(sums, t + 4 * LANES);
        r2.fma(rightScale.mul(rowScales[r0At + 2]), FloatVector.fromArray(SPECIES, sums, t + 5 * LANES))
                .intoArray(sums, t + 5 * LANES);
        l3.fma(leftScale.mul(rowScales[r0At + 3]), FloatVector.fromArray(SPECIES, sums, t + 6 * LANES))
                .intoArray(sums, t + 6 * LANES);
        r3.fma(rightScale.mul(rowScales[r0At + 3]), FloatVector.fromArray(SPECIES, sums, t + 7 * LANES))
                .intoArray(sums, t + 7 * LANES);
    }
}
