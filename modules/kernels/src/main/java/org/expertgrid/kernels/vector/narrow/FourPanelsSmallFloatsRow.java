package org.expertgrid.kernels.vector.narrow;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightTile;
import org.expertgrid.kernels.vector.wide.FloatTiles;
import org.expertgrid.kernels.vector.wide.InterleavedRows;

/**
 * The products of {@link FourPanelsRow} with F16 and FP8_E4M3 in few steps. Their bits, put where float32 has them, are the number times a power of
 * two, because the bias of float32's exponents is larger. The row or the scale is multiplied by the inverse of that power. Both are exact, so that the
 * product is rounded as it would be without. A subnormal code becomes a subnormal float32, with which some processors are slow.
 *
 * @param row as that of {@link FourPanelsRow}
 */
record FourPanelsSmallFloatsRow(NarrowRow row) {
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = Widening.INTS;
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    /** The bits of an F16 that is shifted to the right by three, behind its sign: then its exponent is where float32 has it. */
    private static final int F16_BITS = 0x8FFF_E000;
    /** The bits of an FP8_E4M3 that is shifted by four. */
    private static final int FP8_BITS = 0x87F0_0000;
    /** By so much these bits stand for too little in a float32. */
    private static final float F16_FACTOR = 0x1p112f;

    private static final float FP8_FACTOR = 0x1p120f;

    /** From this magnitude on, a number of a row times the factor is too large for float32. */
    private static final float TOO_LARGE_FOR_F16 = 0x1p16f;
    /** From this magnitude on, a scale times the factor is. */
    private static final float TOO_LARGE_FOR_FP8 = 0x1p8f;

    /**
     * Returns whether {@link #f16} is fast and gives the right bits.
     *
     * @param from the first row that is multiplied
     * @param to the row behind the last one
     */
    static boolean hasF16(WeightTile tile, InterleavedRows rows, int from, int to) {
        return tile.allFinite()
                && tile.fewSubnormal()
                && smallEnough(rows, from, to, tile.layout().inputs());
    }

    private static boolean smallEnough(InterleavedRows rows, int from, int to, int inputs) {
        float[] x = rows.floats();
        boolean small = true;
        for (int row = from; row < to; row++) {
            int first = rows.index(row, 0);
            for (int k = 0; k < inputs; k++) {
                small &= !(Math.abs(x[first + InterleavedRows.GROUP * k]) >= TOO_LARGE_FOR_F16);
            }
        }
        return small;
    }

    /** Returns whether {@link #fp8} is fast and gives the right bits. */
    static boolean hasFp8(WeightTile tile) {
        return tile.allFinite() && tile.fewSubnormal() && smallEnough(tile.scales());
    }

    private static boolean smallEnough(float[] scales) {
        boolean small = true;
        for (float scale : scales) {
            small &= Math.abs(scale) < TOO_LARGE_FOR_FP8;
        }
        return small;
    }

    /** Two codes a word. */
    void f16(float[] tile) {
        int[] words = row.words();
        float[] x = row.x();
        int stride = row.w1() - row.w0();
        int depth = row.depth();
        int v = row.w0();
        int at = row.x0();
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0, l2 = l0, r2 = l0, l3 = l0, r3 = l0;
        for (int k = 0; k < depth; k += 2) {
            FloatVector even = FloatVector.broadcast(FLOATS, x[at] * F16_FACTOR);
            FloatVector odd = FloatVector.broadcast(FLOATS, x[at + 4] * F16_FACTOR);
            IntVector a = IntVector.fromArray(INTS, words, v);
            l0 = even.fma(a.lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), l0);
            l0 = odd.fma(a.lanewise(LSHL, 16).lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), l0);
            IntVector b = IntVector.fromArray(INTS, words, v + LANES);
            r0 = even.fma(b.lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), r0);
            r0 = odd.fma(b.lanewise(LSHL, 16).lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), r0);
            IntVector c = IntVector.fromArray(INTS, words, v + stride);
            l1 = even.fma(c.lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), l1);
            l1 = odd.fma(c.lanewise(LSHL, 16).lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), l1);
            IntVector d = IntVector.fromArray(INTS, words, v + stride + LANES);
            r1 = even.fma(d.lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), r1);
            r1 = odd.fma(d.lanewise(LSHL, 16).lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), r1);
            IntVector e = IntVector.fromArray(INTS, words, v + 2 * stride);
            l2 = even.fma(e.lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), l2);
            l2 = odd.fma(e.lanewise(LSHL, 16).lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), l2);
            IntVector f = IntVector.fromArray(INTS, words, v + 2 * stride + LANES);
            r2 = even.fma(f.lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), r2);
            r2 = odd.fma(f.lanewise(LSHL, 16).lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), r2);
            IntVector g = IntVector.fromArray(INTS, words, v + 3 * stride);
            l3 = even.fma(g.lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), l3);
            l3 = odd.fma(g.lanewise(LSHL, 16).lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), l3);
            IntVector h = IntVector.fromArray(INTS, words, v + 3 * stride + LANES);
            r3 = even.fma(h.lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), r3);
            r3 = odd.fma(h.lanewise(LSHL, 16).lanewise(ASHR, 3).and(F16_BITS).reinterpretAsFloats(), r3);
            v += STEP;
            at += 8;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
        l2.intoArray(tile, 4 * LANES);
        r2.intoArray(tile, 5 * LANES);
        l3.intoArray(tile, 6 * LANES);
        r3.intoArray(tile, 7 * LANES);
    }

    /** Four codes a word. */
    void fp8(float[] tile) {
        int[] words = row.words();
        float[] scales = row.scales();
        float[] x = row.x();
        int stride = row.w1() - row.w0();
        int scaleStride = row.s1() - row.s0();
        int depth = row.depth();
        int v = row.w0();
        int s = row.s0();
        int at = row.x0();
        int end = row.firstGroup();
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0, l2 = l0, r2 = l0, l3 = l0, r3 = l0;
        for (int k = 0; k < depth; k += 4) {
            if (k == end) {
                s += STEP;
                end += row.group();
            }
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[at]);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[at + 4]);
            FloatVector e2 = FloatVector.broadcast(FLOATS, x[at + 8]);
            FloatVector e3 = FloatVector.broadcast(FLOATS, x[at + 12]);
            IntVector a = IntVector.fromArray(INTS, words, v);
            FloatVector aScale = FloatVector.fromArray(FLOATS, scales, s).mul(FP8_FACTOR);
            l0 = e0.fma(a.lanewise(ASHR, 4).and(FP8_BITS).reinterpretAsFloats().mul(aScale), l0);
            l0 = e1.fma(
                    a.lanewise(LSHL, 8)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(aScale),
                    l0);
            l0 = e2.fma(
                    a.lanewise(LSHL, 16)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(aScale),
                    l0);
            l0 = e3.fma(
                    a.lanewise(LSHL, 24)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(aScale),
                    l0);
            IntVector b = IntVector.fromArray(INTS, words, v + LANES);
            FloatVector bScale =
                    FloatVector.fromArray(FLOATS, scales, s + LANES).mul(FP8_FACTOR);
            r0 = e0.fma(b.lanewise(ASHR, 4).and(FP8_BITS).reinterpretAsFloats().mul(bScale), r0);
            r0 = e1.fma(
                    b.lanewise(LSHL, 8)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(bScale),
                    r0);
            r0 = e2.fma(
                    b.lanewise(LSHL, 16)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(bScale),
                    r0);
            r0 = e3.fma(
                    b.lanewise(LSHL, 24)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(bScale),
                    r0);
            IntVector c = IntVector.fromArray(INTS, words, v + stride);
            FloatVector cScale =
                    FloatVector.fromArray(FLOATS, scales, s + scaleStride).mul(FP8_FACTOR);
            l1 = e0.fma(c.lanewise(ASHR, 4).and(FP8_BITS).reinterpretAsFloats().mul(cScale), l1);
            l1 = e1.fma(
                    c.lanewise(LSHL, 8)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(cScale),
                    l1);
            l1 = e2.fma(
                    c.lanewise(LSHL, 16)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(cScale),
                    l1);
            l1 = e3.fma(
                    c.lanewise(LSHL, 24)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(cScale),
                    l1);
            IntVector d = IntVector.fromArray(INTS, words, v + stride + LANES);
            FloatVector dScale = FloatVector.fromArray(FLOATS, scales, s + scaleStride + LANES)
                    .mul(FP8_FACTOR);
            r1 = e0.fma(d.lanewise(ASHR, 4).and(FP8_BITS).reinterpretAsFloats().mul(dScale), r1);
            r1 = e1.fma(
                    d.lanewise(LSHL, 8)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(dScale),
                    r1);
            r1 = e2.fma(
                    d.lanewise(LSHL, 16)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(dScale),
                    r1);
            r1 = e3.fma(
                    d.lanewise(LSHL, 24)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(dScale),
                    r1);
            IntVector e = IntVector.fromArray(INTS, words, v + 2 * stride);
            FloatVector eScale =
                    FloatVector.fromArray(FLOATS, scales, s + 2 * scaleStride).mul(FP8_FACTOR);
            l2 = e0.fma(e.lanewise(ASHR, 4).and(FP8_BITS).reinterpretAsFloats().mul(eScale), l2);
            l2 = e1.fma(
                    e.lanewise(LSHL, 8)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(eScale),
                    l2);
            l2 = e2.fma(
                    e.lanewise(LSHL, 16)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(eScale),
                    l2);
            l2 = e3.fma(
                    e.lanewise(LSHL, 24)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(eScale),
                    l2);
            IntVector f = IntVector.fromArray(INTS, words, v + 2 * stride + LANES);
            FloatVector fScale = FloatVector.fromArray(FLOATS, scales, s + 2 * scaleStride + LANES)
                    .mul(FP8_FACTOR);
            r2 = e0.fma(f.lanewise(ASHR, 4).and(FP8_BITS).reinterpretAsFloats().mul(fScale), r2);
            r2 = e1.fma(
                    f.lanewise(LSHL, 8)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(fScale),
                    r2);
            r2 = e2.fma(
                    f.lanewise(LSHL, 16)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(fScale),
                    r2);
            r2 = e3.fma(
                    f.lanewise(LSHL, 24)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(fScale),
                    r2);
            IntVector g = IntVector.fromArray(INTS, words, v + 3 * stride);
            FloatVector gScale =
                    FloatVector.fromArray(FLOATS, scales, s + 3 * scaleStride).mul(FP8_FACTOR);
            l3 = e0.fma(g.lanewise(ASHR, 4).and(FP8_BITS).reinterpretAsFloats().mul(gScale), l3);
            l3 = e1.fma(
                    g.lanewise(LSHL, 8)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(gScale),
                    l3);
            l3 = e2.fma(
                    g.lanewise(LSHL, 16)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(gScale),
                    l3);
            l3 = e3.fma(
                    g.lanewise(LSHL, 24)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(gScale),
                    l3);
            IntVector h = IntVector.fromArray(INTS, words, v + 3 * stride + LANES);
            FloatVector hScale = FloatVector.fromArray(FLOATS, scales, s + 3 * scaleStride + LANES)
                    .mul(FP8_FACTOR);
            r3 = e0.fma(h.lanewise(ASHR, 4).and(FP8_BITS).reinterpretAsFloats().mul(hScale), r3);
            r3 = e1.fma(
                    h.lanewise(LSHL, 8)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(hScale),
                    r3);
            r3 = e2.fma(
                    h.lanewise(LSHL, 16)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(hScale),
                    r3);
            r3 = e3.fma(
                    h.lanewise(LSHL, 24)
                            .lanewise(ASHR, 4)
                            .and(FP8_BITS)
                            .reinterpretAsFloats()
                            .mul(hScale),
                    r3);
            v += STEP;
            at += 16;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
        l2.intoArray(tile, 4 * LANES);
        r2.intoArray(tile, 5 * LANES);
        l3.intoArray(tile, 6 * LANES);
        r3.intoArray(tile, 7 * LANES);
    }
}
