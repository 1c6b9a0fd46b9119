package org.expertgrid.kernels.vector.narrow;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.vector.wide.FloatTiles;

/**
 * The products of {@link FullWordsRow} in short loops, for JDKs before 21. Their compiler makes objects of vectors in a method that has more than
 * some 8000 bytes of code together with all that it calls, if other loops were compiled before. No loop may have more than eight codes a column
 * there.
 *
 * @param row what is multiplied
 */
record ShortLoopsRow(NarrowRow row) {
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = Widening.INTS;
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    /** INT8 and INT4, two codes at a time. */
    void integers(int bits, float[] tile) {
        int[] words = row.words();
        float[] scales = row.scales();
        float[] x = row.x();
        int w0 = row.w0();
        int w1 = row.w1();
        int wRight = row.wRight();
        int sRight = row.sRight();
        int s0 = row.s0();
        int s1 = row.s1();
        int depth = row.depth();
        int end = row.firstGroup();
        int at = row.x0();
        int above = Integer.SIZE - bits;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0; k < depth; k += 2) {
            if (k == end) {
                s0 += STEP;
                s1 += STEP;
                end += row.group();
            }
            int shift = k * bits % Integer.SIZE;
            int w = k * bits / Integer.SIZE * STEP;
            FloatVector f = FloatVector.fromArray(FLOATS, scales, s0);
            FloatVector g = FloatVector.fromArray(FLOATS, scales, s0 + sRight);
            FloatVector h = FloatVector.fromArray(FLOATS, scales, s1);
            FloatVector i = FloatVector.fromArray(FLOATS, scales, s1 + sRight);
            IntVector a = IntVector.fromArray(INTS, words, w + w0).lanewise(LSHL, shift);
            IntVector b = IntVector.fromArray(INTS, words, w + w0 + wRight).lanewise(LSHL, shift);
            IntVector c = IntVector.fromArray(INTS, words, w + w1).lanewise(LSHL, shift);
            IntVector d = IntVector.fromArray(INTS, words, w + w1 + wRight).lanewise(LSHL, shift);
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[at]);
            l0 = e0.fma(((FloatVector) a.lanewise(ASHR, above).convert(I2F, 0)).mul(f), l0);
            r0 = e0.fma(((FloatVector) b.lanewise(ASHR, above).convert(I2F, 0)).mul(g), r0);
            l1 = e0.fma(((FloatVector) c.lanewise(ASHR, above).convert(I2F, 0)).mul(h), l1);
            r1 = e0.fma(((FloatVector) d.lanewise(ASHR, above).convert(I2F, 0)).mul(i), r1);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[at + 4]);
            l0 = e1.fma(
                    ((FloatVector) a.lanewise(LSHL, bits).lanewise(ASHR, above).convert(I2F, 0)).mul(f), l0);
            r0 = e1.fma(
                    ((FloatVector) b.lanewise(LSHL, bits).lanewise(ASHR, above).convert(I2F, 0)).mul(g), r0);
            l1 = e1.fma(
                    ((FloatVector) c.lanewise(LSHL, bits).lanewise(ASHR, above).convert(I2F, 0)).mul(h), l1);
            r1 = e1.fma(
                    ((FloatVector) d.lanewise(LSHL, bits).lanewise(ASHR, above).convert(I2F, 0)).mul(i), r1);
            at += 8;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }

    /** F16, FP8_E4M3 and MXFP4, finite codes; {@link SmallFloats} names the steps. */
    void smallFloats(SmallFloats small, float[] tile) {
        smallFloats(small, row.w0(), row.s0(), tile, 0);
        smallFloats(small, row.w1(), row.s1(), tile, 2 * LANES);
    }

    /** One pair, one code at a time. */
    private void smallFloats(SmallFloats small, int pair, int scale, float[] tile, int t) {
        int[] words = row.words();
        float[] scales = row.scales();
        float[] x = row.x();
        int wRight = row.wRight();
        int sRight = row.sRight();
        int depth = row.depth();
        int end = row.firstGroup();
        int at = row.x0();
        int bits = small.bits();
        int right = small.shift();
        IntVector mask = IntVector.broadcast(INTS, small.mask());
        IntVector bias = IntVector.broadcast(INTS, small.bias());
        IntVector sign = IntVector.broadcast(INTS, 0x8000_0000);
        FloatVector two = FloatVector.broadcast(FLOATS, 2.0f);
        FloatVector subtrahend = FloatVector.broadcast(FLOATS, -small.smallestNormal());
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0;
        int s = scale;
        for (int k = 0; k < depth; k++) {
            if (k == end) {
                s += STEP;
                end += row.group();
            }
            int shift = k * bits % Integer.SIZE;
            int w = pair + k * bits / Integer.SIZE * STEP;
            FloatVector e = FloatVector.broadcast(FLOATS, x[at]);
            at += 4;
            IntVector a = IntVector.fromArray(INTS, words, w).lanewise(LSHL, shift);
            IntVector aNormal = a.and(mask).lanewise(LSHR, right).add(bias);
            IntVector aSubnormal =
                    aNormal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector aValue = aNormal.min(aSubnormal).or(a.and(sign)).reinterpretAsFloats();
            l0 = e.fma(aValue.mul(FloatVector.fromArray(FLOATS, scales, s)), l0);
            IntVector b = IntVector.fromArray(INTS, words, w + wRight).lanewise(LSHL, shift);
            IntVector bNormal = b.and(mask).lanewise(LSHR, right).add(bias);
            IntVector bSubnormal =
                    bNormal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            FloatVector bValue = bNormal.min(bSubnormal).or(b.and(sign)).reinterpretAsFloats();
            r0 = e.fma(bValue.mul(FloatVector.fromArray(FLOATS, scales, s + sRight)), r0);
        }
        l0.intoArray(tile, t);
        r0.intoArray(tile, t + LANES);
    }
}
