package org.expertgrid.kernels.vector.narrow;

import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.vector.wide.FloatTiles;

/**
 * The products of {@link NarrowRow} with codes of four bits that are looked up, eight in a word, where every word has all of its codes, and
 * where {@link Widening#TABLE} is true. They give the same bits.
 *
 * @param row what is multiplied
 */
record LookedUpRow(NarrowRow row) {
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = Widening.INTS;
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    /** Looks up the float32 of each code. */
    void values(IntVector values, float[] tile) {
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
            FloatVector f = FloatVector.fromArray(FLOATS, scales, s0);
            FloatVector g = FloatVector.fromArray(FLOATS, scales, s0 + sRight);
            FloatVector h = FloatVector.fromArray(FLOATS, scales, s1);
            FloatVector i = FloatVector.fromArray(FLOATS, scales, s1 + sRight);
            IntVector a = IntVector.fromArray(INTS, words, v0);
            IntVector b = IntVector.fromArray(INTS, words, v0 + wRight);
            IntVector c = IntVector.fromArray(INTS, words, v1);
            IntVector d = IntVector.fromArray(INTS, words, v1 + wRight);
            v0 += STEP;
            v1 += STEP;
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[at]);
            l0 = e0.fma(
                    a.lanewise(LSHR, 28)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            r0 = e0.fma(
                    b.lanewise(LSHR, 28)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            l1 = e0.fma(
                    c.lanewise(LSHR, 28)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            r1 = e0.fma(
                    d.lanewise(LSHR, 28)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[at + 4]);
            l0 = e1.fma(
                    a.lanewise(LSHR, 24)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            r0 = e1.fma(
                    b.lanewise(LSHR, 24)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            l1 = e1.fma(
                    c.lanewise(LSHR, 24)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            r1 = e1.fma(
                    d.lanewise(LSHR, 24)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            FloatVector e2 = FloatVector.broadcast(FLOATS, x[at + 8]);
            l0 = e2.fma(
                    a.lanewise(LSHR, 20)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            r0 = e2.fma(
                    b.lanewise(LSHR, 20)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            l1 = e2.fma(
                    c.lanewise(LSHR, 20)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            r1 = e2.fma(
                    d.lanewise(LSHR, 20)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            FloatVector e3 = FloatVector.broadcast(FLOATS, x[at + 12]);
            l0 = e3.fma(
                    a.lanewise(LSHR, 16)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            r0 = e3.fma(
                    b.lanewise(LSHR, 16)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            l1 = e3.fma(
                    c.lanewise(LSHR, 16)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            r1 = e3.fma(
                    d.lanewise(LSHR, 16)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            FloatVector e4 = FloatVector.broadcast(FLOATS, x[at + 16]);
            l0 = e4.fma(
                    a.lanewise(LSHR, 12)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            r0 = e4.fma(
                    b.lanewise(LSHR, 12)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            l1 = e4.fma(
                    c.lanewise(LSHR, 12)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            r1 = e4.fma(
                    d.lanewise(LSHR, 12)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            FloatVector e5 = FloatVector.broadcast(FLOATS, x[at + 20]);
            l0 = e5.fma(
                    a.lanewise(LSHR, 8)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            r0 = e5.fma(
                    b.lanewise(LSHR, 8)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            l1 = e5.fma(
                    c.lanewise(LSHR, 8)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            r1 = e5.fma(
                    d.lanewise(LSHR, 8)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            FloatVector e6 = FloatVector.broadcast(FLOATS, x[at + 24]);
            l0 = e6.fma(
                    a.lanewise(LSHR, 4)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(f),
                    l0);
            r0 = e6.fma(
                    b.lanewise(LSHR, 4)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(g),
                    r0);
            l1 = e6.fma(
                    c.lanewise(LSHR, 4)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(h),
                    l1);
            r1 = e6.fma(
                    d.lanewise(LSHR, 4)
                            .and(15)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(i),
                    r1);
            FloatVector e7 = FloatVector.broadcast(FLOATS, x[at + 28]);
            l0 = e7.fma(a.and(15).selectFrom(values).reinterpretAsFloats().mul(f), l0);
            r0 = e7.fma(b.and(15).selectFrom(values).reinterpretAsFloats().mul(g), r0);
            l1 = e7.fma(c.and(15).selectFrom(values).reinterpretAsFloats().mul(h), l1);
            r1 = e7.fma(d.and(15).selectFrom(values).reinterpretAsFloats().mul(i), r1);
            at += 32;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }
}
