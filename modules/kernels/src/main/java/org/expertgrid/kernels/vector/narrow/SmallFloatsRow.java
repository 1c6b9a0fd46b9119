package org.expertgrid.kernels.vector.narrow;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.vector.wide.FloatTiles;

/**
 * The products of {@link NarrowRow} with floating point numbers of 8 and 16 bits, where every word has all of its codes, and no code is NaN or
 * infinite. They give the same bits.
 *
 * @param row what is multiplied
 */
record SmallFloatsRow(NarrowRow row) {
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = Widening.INTS;
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    private static final int SIGN = 0x8000_0000;

    /** Two codes a word; {@link SmallFloats} names the steps. */
    void f16(float[] tile) {
        int[] words = row.words();
        float[] x = row.x();
        int wRight = row.wRight();
        int depth = row.depth();
        int at = row.x0();
        int v0 = row.w0();
        int v1 = row.w1();
        FloatVector two = FloatVector.broadcast(FLOATS, 2.0f);
        FloatVector subtrahend = FloatVector.broadcast(FLOATS, -0x1p-14f);
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0; k < depth; k += 2) {
            IntVector a = IntVector.fromArray(INTS, words, v0);
            IntVector b = IntVector.fromArray(INTS, words, v0 + wRight);
            IntVector c = IntVector.fromArray(INTS, words, v1);
            IntVector d = IntVector.fromArray(INTS, words, v1 + wRight);
            v0 += STEP;
            v1 += STEP;
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[at]);
            IntVector a0Normal = a.and(0x7FFF_0000).lanewise(LSHR, 3).add(112 << 23);
            IntVector a0Subnormal =
                    a0Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector a0Value = a0Normal.min(a0Subnormal).or(a.and(SIGN)).reinterpretAsFloats();
            l0 = e0.fma(a0Value, l0);
            IntVector b0Normal = b.and(0x7FFF_0000).lanewise(LSHR, 3).add(112 << 23);
            IntVector b0Subnormal =
                    b0Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector b0Value = b0Normal.min(b0Subnormal).or(b.and(SIGN)).reinterpretAsFloats();
            r0 = e0.fma(b0Value, r0);
            IntVector c0Normal = c.and(0x7FFF_0000).lanewise(LSHR, 3).add(112 << 23);
            IntVector c0Subnormal =
                    c0Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector c0Value = c0Normal.min(c0Subnormal).or(c.and(SIGN)).reinterpretAsFloats();
            l1 = e0.fma(c0Value, l1);
            IntVector d0Normal = d.and(0x7FFF_0000).lanewise(LSHR, 3).add(112 << 23);
            IntVector d0Subnormal =
                    d0Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector d0Value = d0Normal.min(d0Subnormal).or(d.and(SIGN)).reinterpretAsFloats();
            r1 = e0.fma(d0Value, r1);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[at + 4]);
            IntVector a1 = a.lanewise(LSHL, 16);
            IntVector a1Normal = a1.and(0x7FFF_0000).lanewise(LSHR, 3).add(112 << 23);
            IntVector a1Subnormal =
                    a1Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector a1Value = a1Normal.min(a1Subnormal).or(a1.and(SIGN)).reinterpretAsFloats();
            l0 = e1.fma(a1Value, l0);
            IntVector b1 = b.lanewise(LSHL, 16);
            IntVector b1Normal = b1.and(0x7FFF_0000).lanewise(LSHR, 3).add(112 << 23);
            IntVector b1Subnormal =
                    b1Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector b1Value = b1Normal.min(b1Subnormal).or(b1.and(SIGN)).reinterpretAsFloats();
            r0 = e1.fma(b1Value, r0);
            IntVector c1 = c.lanewise(LSHL, 16);
            IntVector c1Normal = c1.and(0x7FFF_0000).lanewise(LSHR, 3).add(112 << 23);
            IntVector c1Subnormal =
                    c1Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector c1Value = c1Normal.min(c1Subnormal).or(c1.and(SIGN)).reinterpretAsFloats();
            l1 = e1.fma(c1Value, l1);
            IntVector d1 = d.lanewise(LSHL, 16);
            IntVector d1Normal = d1.and(0x7FFF_0000).lanewise(LSHR, 3).add(112 << 23);
            IntVector d1Subnormal =
                    d1Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector d1Value = d1Normal.min(d1Subnormal).or(d1.and(SIGN)).reinterpretAsFloats();
            r1 = e1.fma(d1Value, r1);
            at += 8;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }

    /** Four codes a word; {@link SmallFloats} names the steps. */
    void fp8(float[] tile) {
        int[] words = row.words();
        float[] x = row.x();
        int wRight = row.wRight();
        int depth = row.depth();
        int at = row.x0();
        int v0 = row.w0();
        int v1 = row.w1();
        float[] scales = row.scales();
        int sRight = row.sRight();
        int s0 = row.s0();
        int s1 = row.s1();
        int end = row.firstGroup();
        FloatVector two = FloatVector.broadcast(FLOATS, 2.0f);
        FloatVector subtrahend = FloatVector.broadcast(FLOATS, -0x1p-6f);
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0; k < depth; k += 4) {
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
            IntVector a0Normal = a.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector a0Subnormal =
                    a0Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector a0Value = a0Normal.min(a0Subnormal).or(a.and(SIGN)).reinterpretAsFloats();
            l0 = e0.fma(a0Value.mul(f), l0);
            IntVector b0Normal = b.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector b0Subnormal =
                    b0Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector b0Value = b0Normal.min(b0Subnormal).or(b.and(SIGN)).reinterpretAsFloats();
            r0 = e0.fma(b0Value.mul(g), r0);
            IntVector c0Normal = c.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector c0Subnormal =
                    c0Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector c0Value = c0Normal.min(c0Subnormal).or(c.and(SIGN)).reinterpretAsFloats();
            l1 = e0.fma(c0Value.mul(h), l1);
            IntVector d0Normal = d.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector d0Subnormal =
                    d0Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector d0Value = d0Normal.min(d0Subnormal).or(d.and(SIGN)).reinterpretAsFloats();
            r1 = e0.fma(d0Value.mul(i), r1);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[at + 4]);
            IntVector a1 = a.lanewise(LSHL, 8);
            IntVector a1Normal = a1.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector a1Subnormal =
                    a1Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector a1Value = a1Normal.min(a1Subnormal).or(a1.and(SIGN)).reinterpretAsFloats();
            l0 = e1.fma(a1Value.mul(f), l0);
            IntVector b1 = b.lanewise(LSHL, 8);
            IntVector b1Normal = b1.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector b1Subnormal =
                    b1Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector b1Value = b1Normal.min(b1Subnormal).or(b1.and(SIGN)).reinterpretAsFloats();
            r0 = e1.fma(b1Value.mul(g), r0);
            IntVector c1 = c.lanewise(LSHL, 8);
            IntVector c1Normal = c1.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector c1Subnormal =
                    c1Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector c1Value = c1Normal.min(c1Subnormal).or(c1.and(SIGN)).reinterpretAsFloats();
            l1 = e1.fma(c1Value.mul(h), l1);
            IntVector d1 = d.lanewise(LSHL, 8);
            IntVector d1Normal = d1.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector d1Subnormal =
                    d1Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector d1Value = d1Normal.min(d1Subnormal).or(d1.and(SIGN)).reinterpretAsFloats();
            r1 = e1.fma(d1Value.mul(i), r1);
            FloatVector e2 = FloatVector.broadcast(FLOATS, x[at + 8]);
            IntVector a2 = a.lanewise(LSHL, 16);
            IntVector a2Normal = a2.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector a2Subnormal =
                    a2Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector a2Value = a2Normal.min(a2Subnormal).or(a2.and(SIGN)).reinterpretAsFloats();
            l0 = e2.fma(a2Value.mul(f), l0);
            IntVector b2 = b.lanewise(LSHL, 16);
            IntVector b2Normal = b2.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector b2Subnormal =
                    b2Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector b2Value = b2Normal.min(b2Subnormal).or(b2.and(SIGN)).reinterpretAsFloats();
            r0 = e2.fma(b2Value.mul(g), r0);
            IntVector c2 = c.lanewise(LSHL, 16);
            IntVector c2Normal = c2.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector c2Subnormal =
                    c2Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector c2Value = c2Normal.min(c2Subnormal).or(c2.and(SIGN)).reinterpretAsFloats();
            l1 = e2.fma(c2Value.mul(h), l1);
            IntVector d2 = d.lanewise(LSHL, 16);
            IntVector d2Normal = d2.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector d2Subnormal =
                    d2Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector d2Value = d2Normal.min(d2Subnormal).or(d2.and(SIGN)).reinterpretAsFloats();
            r1 = e2.fma(d2Value.mul(i), r1);
            FloatVector e3 = FloatVector.broadcast(FLOATS, x[at + 12]);
            IntVector a3 = a.lanewise(LSHL, 24);
            IntVector a3Normal = a3.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector a3Subnormal =
                    a3Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector a3Value = a3Normal.min(a3Subnormal).or(a3.and(SIGN)).reinterpretAsFloats();
            l0 = e3.fma(a3Value.mul(f), l0);
            IntVector b3 = b.lanewise(LSHL, 24);
            IntVector b3Normal = b3.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector b3Subnormal =
                    b3Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector b3Value = b3Normal.min(b3Subnormal).or(b3.and(SIGN)).reinterpretAsFloats();
            r0 = e3.fma(b3Value.mul(g), r0);
            IntVector c3 = c.lanewise(LSHL, 24);
            IntVector c3Normal = c3.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector c3Subnormal =
                    c3Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector c3Value = c3Normal.min(c3Subnormal).or(c3.and(SIGN)).reinterpretAsFloats();
            l1 = e3.fma(c3Value.mul(h), l1);
            IntVector d3 = d.lanewise(LSHL, 24);
            IntVector d3Normal = d3.and(0x7F00_0000).lanewise(LSHR, 4).add(120 << 23);
            IntVector d3Subnormal =
                    d3Normal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector d3Value = d3Normal.min(d3Subnormal).or(d3.and(SIGN)).reinterpretAsFloats();
            r1 = e3.fma(d3Value.mul(i), r1);
            at += 16;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }
}
