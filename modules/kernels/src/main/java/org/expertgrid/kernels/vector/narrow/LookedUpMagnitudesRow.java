package org.expertgrid.kernels.vector.narrow;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.vector.wide.FloatTiles;

/**
 * The products of {@link NarrowRow} with codes of a sign and a magnitude of three bits that is looked up, eight in a word, where every word has all of
 * its codes, and where {@link Widening#TABLE_OF_MAGNITUDES} is true. They give the same bits.
 *
 * @param row what is multiplied
 */
record LookedUpMagnitudesRow(NarrowRow row) {
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = Widening.INTS;
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    private static final int SIGN = 0x8000_0000;

    /** Looks up the magnitude of each code and puts its sign on it. The bits above those of the magnitude do not matter to {@code selectFrom}. */
    void values(IntVector magnitudes, float[] tile) {
        int[] words = row.words();
        float[] scales = row.scales();
        float[] x = row.x();
        int wRight = row.wRight();
        int sRight = row.sRight();
        int s0 = row.s0();
        int s1 = row.s1();
        int depth = row.depth();
        int end = row.firstGroup();
        int v0 = row.w0();
        int v1 = row.w1();
        int at = row.x0();
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0; k < depth; k += 8) {
            if (k == end) {
                s0 += STEP;
                s1 += STEP;
                end += row.group();
            }
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[at]);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[at + 4]);
            FloatVector e2 = FloatVector.broadcast(FLOATS, x[at + 8]);
            FloatVector e3 = FloatVector.broadcast(FLOATS, x[at + 12]);
            FloatVector e4 = FloatVector.broadcast(FLOATS, x[at + 16]);
            FloatVector e5 = FloatVector.broadcast(FLOATS, x[at + 20]);
            FloatVector e6 = FloatVector.broadcast(FLOATS, x[at + 24]);
            FloatVector e7 = FloatVector.broadcast(FLOATS, x[at + 28]);
            IntVector a = IntVector.fromArray(INTS, words, v0);
            FloatVector f = FloatVector.fromArray(FLOATS, scales, s0);
            l0 = e0.fma(
                    a.lanewise(LSHR, 28)
                            .selectFrom(magnitudes)
                            .or(a.and(SIGN))
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            l0 = e1.fma(
                    a.lanewise(LSHR, 24)
                            .selectFrom(magnitudes)
                            .or(a.lanewise(LSHL, 4).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            l0 = e2.fma(
                    a.lanewise(LSHR, 20)
                            .selectFrom(magnitudes)
                            .or(a.lanewise(LSHL, 8).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            l0 = e3.fma(
                    a.lanewise(LSHR, 16)
                            .selectFrom(magnitudes)
                            .or(a.lanewise(LSHL, 12).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            l0 = e4.fma(
                    a.lanewise(LSHR, 12)
                            .selectFrom(magnitudes)
                            .or(a.lanewise(LSHL, 16).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            l0 = e5.fma(
                    a.lanewise(LSHR, 8)
                            .selectFrom(magnitudes)
                            .or(a.lanewise(LSHL, 20).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            l0 = e6.fma(
                    a.lanewise(LSHR, 4)
                            .selectFrom(magnitudes)
                            .or(a.lanewise(LSHL, 24).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            l0 = e7.fma(
                    a.selectFrom(magnitudes)
                            .or(a.lanewise(LSHL, 28).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            IntVector b = IntVector.fromArray(INTS, words, v0 + wRight);
            FloatVector g = FloatVector.fromArray(FLOATS, scales, s0 + sRight);
            r0 = e0.fma(
                    b.lanewise(LSHR, 28)
                            .selectFrom(magnitudes)
                            .or(b.and(SIGN))
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            r0 = e1.fma(
                    b.lanewise(LSHR, 24)
                            .selectFrom(magnitudes)
                            .or(b.lanewise(LSHL, 4).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            r0 = e2.fma(
                    b.lanewise(LSHR, 20)
                            .selectFrom(magnitudes)
                            .or(b.lanewise(LSHL, 8).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            r0 = e3.fma(
                    b.lanewise(LSHR, 16)
                            .selectFrom(magnitudes)
                            .or(b.lanewise(LSHL, 12).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            r0 = e4.fma(
                    b.lanewise(LSHR, 12)
                            .selectFrom(magnitudes)
                            .or(b.lanewise(LSHL, 16).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            r0 = e5.fma(
                    b.lanewise(LSHR, 8)
                            .selectFrom(magnitudes)
                            .or(b.lanewise(LSHL, 20).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            r0 = e6.fma(
                    b.lanewise(LSHR, 4)
                            .selectFrom(magnitudes)
                            .or(b.lanewise(LSHL, 24).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            r0 = e7.fma(
                    b.selectFrom(magnitudes)
                            .or(b.lanewise(LSHL, 28).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            IntVector c = IntVector.fromArray(INTS, words, v1);
            FloatVector h = FloatVector.fromArray(FLOATS, scales, s1);
            l1 = e0.fma(
                    c.lanewise(LSHR, 28)
                            .selectFrom(magnitudes)
                            .or(c.and(SIGN))
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            l1 = e1.fma(
                    c.lanewise(LSHR, 24)
                            .selectFrom(magnitudes)
                            .or(c.lanewise(LSHL, 4).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            l1 = e2.fma(
                    c.lanewise(LSHR, 20)
                            .selectFrom(magnitudes)
                            .or(c.lanewise(LSHL, 8).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            l1 = e3.fma(
                    c.lanewise(LSHR, 16)
                            .selectFrom(magnitudes)
                            .or(c.lanewise(LSHL, 12).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            l1 = e4.fma(
                    c.lanewise(LSHR, 12)
                            .selectFrom(magnitudes)
                            .or(c.lanewise(LSHL, 16).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            l1 = e5.fma(
                    c.lanewise(LSHR, 8)
                            .selectFrom(magnitudes)
                            .or(c.lanewise(LSHL, 20).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            l1 = e6.fma(
                    c.lanewise(LSHR, 4)
                            .selectFrom(magnitudes)
                            .or(c.lanewise(LSHL, 24).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            l1 = e7.fma(
                    c.selectFrom(magnitudes)
                            .or(c.lanewise(LSHL, 28).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            IntVector d = IntVector.fromArray(INTS, words, v1 + wRight);
            FloatVector i = FloatVector.fromArray(FLOATS, scales, s1 + sRight);
            r1 = e0.fma(
                    d.lanewise(LSHR, 28)
                            .selectFrom(magnitudes)
                            .or(d.and(SIGN))
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            r1 = e1.fma(
                    d.lanewise(LSHR, 24)
                            .selectFrom(magnitudes)
                            .or(d.lanewise(LSHL, 4).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            r1 = e2.fma(
                    d.lanewise(LSHR, 20)
                            .selectFrom(magnitudes)
                            .or(d.lanewise(LSHL, 8).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            r1 = e3.fma(
                    d.lanewise(LSHR, 16)
                            .selectFrom(magnitudes)
                            .or(d.lanewise(LSHL, 12).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            r1 = e4.fma(
                    d.lanewise(LSHR, 12)
                            .selectFrom(magnitudes)
                            .or(d.lanewise(LSHL, 16).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            r1 = e5.fma(
                    d.lanewise(LSHR, 8)
                            .selectFrom(magnitudes)
                            .or(d.lanewise(LSHL, 20).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            r1 = e6.fma(
                    d.lanewise(LSHR, 4)
                            .selectFrom(magnitudes)
                            .or(d.lanewise(LSHL, 24).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            r1 = e7.fma(
                    d.selectFrom(magnitudes)
                            .or(d.lanewise(LSHL, 28).and(SIGN))
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            v0 += STEP;
            v1 += STEP;
            at += 32;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }
}
