package org.expertgrid.kernels.vector.narrow;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.vector.wide.FloatTiles;
import org.expertgrid.kernels.vector.wide.NarrowedRow;

/**
 * The products of one row that is narrowed to 8 bits with weights of W8A8 and W4A8, in shorts: twice as many of them as float32 fit into a
 * vector. Every word must have all of its codes.
 *
 * <pre>
 *   a word of W8A8     [ k0  k1 | k2  k3 ]    two shorts, of which each has two codes
 *   first codes        [   k0   |   k2   ]    x factor
 *   second codes       [   k1   |   k3   ]    x factor
 *   both added         [ short  | short  ]    at most 2 x 128 x 127, which fits
 *   added to           [       int       ]    the sum of a group
 * </pre>
 *
 * Shorts are shifted here, so that codes keep their signs. {@link FourPanelsShortsRow} adds 128 to each code instead, which is quicker there.
 *
 * <p>A word of W4A8 has four codes in a short. 8 is added to each, so that no code is negative, and a mask takes it out of the word: that is quicker
 * than shifts of shorts. The 16 products of a group in a short are at most 16 x 15 x 127, which fits. So the two shorts are added once
 * a group, and 8 x the factors are subtracted then.
 *
 * @param row what is multiplied, but for the numbers of the row
 * @param narrowed the row
 */
record ShortsRow(NarrowRow row, NarrowedRow narrowed) {
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = Widening.INTS;
    private static final VectorSpecies<Short> SHORTS = INTS.withLanes(short.class);
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    /** An exclusive or with it adds 8 to each code. */
    static final int SIGNS_OF_FOUR_BITS = 0x8888_8888;

    /** The last code of each short. */
    static final int FOUR_BITS_OF_SHORT = 0x000F_000F;

    /** Puts the row times the two pairs, in the order of their columns, into {@code tile}. */
    void multiply(WeightFormat format, float[] tile) {
        if (format == WeightFormat.W8A8) {
            w8a8(tile);
        } else {
            w4a8(tile);
        }
    }

    /** Four codes a word. */
    private void w8a8(float[] tile) {
        int[] words = row.words();
        int[] factors = narrowed.factors();
        float[] scales = row.scales();
        int wRight = row.wRight();
        int sRight = row.sRight();
        int s0 = row.s0();
        int s1 = row.s1();
        int v0 = row.w0();
        int v1 = row.w1();
        int depth = row.depth();
        int end = Math.min(depth, row.firstGroup());
        int at = 0;
        int group = 0;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0; k < depth; end = Math.min(depth, end + row.group())) {
            IntVector sum0 = IntVector.zero(INTS), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            for (; k < end; k += 4) {
                ShortVector first = IntVector.broadcast(INTS, factors[at]).reinterpretAsShorts();
                ShortVector second = IntVector.broadcast(INTS, factors[at + 1]).reinterpretAsShorts();
                at += 3; // the third is for FourPanelsShortsRow
                ShortVector a = IntVector.fromArray(INTS, words, v0).reinterpretAsShorts();
                IntVector aPairs = a.lanewise(ASHR, 8)
                        .mul(first)
                        .add(a.lanewise(LSHL, 8).lanewise(ASHR, 8).mul(second))
                        .reinterpretAsInts();
                sum0 = sum0.add(aPairs.lanewise(ASHR, 16))
                        .add(aPairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                ShortVector b = IntVector.fromArray(INTS, words, v0 + wRight).reinterpretAsShorts();
                IntVector bPairs = b.lanewise(ASHR, 8)
                        .mul(first)
                        .add(b.lanewise(LSHL, 8).lanewise(ASHR, 8).mul(second))
                        .reinterpretAsInts();
                sum1 = sum1.add(bPairs.lanewise(ASHR, 16))
                        .add(bPairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                ShortVector c = IntVector.fromArray(INTS, words, v1).reinterpretAsShorts();
                IntVector cPairs = c.lanewise(ASHR, 8)
                        .mul(first)
                        .add(c.lanewise(LSHL, 8).lanewise(ASHR, 8).mul(second))
                        .reinterpretAsInts();
                sum2 = sum2.add(cPairs.lanewise(ASHR, 16))
                        .add(cPairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                ShortVector d = IntVector.fromArray(INTS, words, v1 + wRight).reinterpretAsShorts();
                IntVector dPairs = d.lanewise(ASHR, 8)
                        .mul(first)
                        .add(d.lanewise(LSHL, 8).lanewise(ASHR, 8).mul(second))
                        .reinterpretAsInts();
                sum3 = sum3.add(dPairs.lanewise(ASHR, 16))
                        .add(dPairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                v0 += STEP;
                v1 += STEP;
            }
            float scale = narrowed.scales()[group++];
            l0 = ((FloatVector) sum0.convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s0).mul(scale), l0);
            r0 = ((FloatVector) sum1.convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s0 + sRight).mul(scale), r0);
            l1 = ((FloatVector) sum2.convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s1).mul(scale), l1);
            r1 = ((FloatVector) sum3.convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s1 + sRight).mul(scale), r1);
            s0 += STEP;
            s1 += STEP;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }

    /** Eight codes a word. */
    private void w4a8(float[] tile) {
        int[] words = row.words();
        int[] factors = narrowed.factors();
        float[] scales = row.scales();
        int wRight = row.wRight();
        int sRight = row.sRight();
        int s0 = row.s0();
        int s1 = row.s1();
        int v0 = row.w0();
        int v1 = row.w1();
        IntVector mask = IntVector.broadcast(INTS, FOUR_BITS_OF_SHORT);
        int depth = row.depth();
        int end = Math.min(depth, row.firstGroup());
        int at = 0;
        int group = 0;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0; k < depth; end = Math.min(depth, end + row.group())) {
            ShortVector sum0 = ShortVector.zero(SHORTS), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            for (; k < end; k += 8) {
                ShortVector first = IntVector.broadcast(INTS, factors[at]).reinterpretAsShorts();
                ShortVector second = IntVector.broadcast(INTS, factors[at + 1]).reinterpretAsShorts();
                ShortVector third = IntVector.broadcast(INTS, factors[at + 2]).reinterpretAsShorts();
                ShortVector fourth = IntVector.broadcast(INTS, factors[at + 3]).reinterpretAsShorts();
                at += 4;
                IntVector a = IntVector.fromArray(INTS, words, v0).lanewise(XOR, SIGNS_OF_FOUR_BITS);
                sum0 = sum0.add(a.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(a.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(a.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(a.and(mask).reinterpretAsShorts().mul(fourth));
                IntVector b = IntVector.fromArray(INTS, words, v0 + wRight).lanewise(XOR, SIGNS_OF_FOUR_BITS);
                sum1 = sum1.add(b.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(b.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(b.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(b.and(mask).reinterpretAsShorts().mul(fourth));
                IntVector c = IntVector.fromArray(INTS, words, v1).lanewise(XOR, SIGNS_OF_FOUR_BITS);
                sum2 = sum2.add(c.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(c.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(c.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(c.and(mask).reinterpretAsShorts().mul(fourth));
                IntVector d = IntVector.fromArray(INTS, words, v1 + wRight).lanewise(XOR, SIGNS_OF_FOUR_BITS);
                sum3 = sum3.add(d.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(d.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(d.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(d.and(mask).reinterpretAsShorts().mul(fourth));
                v0 += STEP;
                v1 += STEP;
            }
            int eightTimesFactors = 8 * narrowed.sums()[group];
            float scale = narrowed.scales()[group++];
            IntVector shorts0 = sum0.reinterpretAsInts();
            l0 = ((FloatVector) shorts0.lanewise(ASHR, 16)
                            .add(shorts0.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s0).mul(scale), l0);
            IntVector shorts1 = sum1.reinterpretAsInts();
            r0 = ((FloatVector) shorts1.lanewise(ASHR, 16)
                            .add(shorts1.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s0 + sRight).mul(scale), r0);
            IntVector shorts2 = sum2.reinterpretAsInts();
            l1 = ((FloatVector) shorts2.lanewise(ASHR, 16)
                            .add(shorts2.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s1).mul(scale), l1);
            IntVector shorts3 = sum3.reinterpretAsInts();
            r1 = ((FloatVector) shorts3.lanewise(ASHR, 16)
                            .add(shorts3.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s1 + sRight).mul(scale), r1);
            s0 += STEP;
            s1 += STEP;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }
}
