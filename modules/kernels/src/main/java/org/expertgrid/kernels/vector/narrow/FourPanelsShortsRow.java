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
 * The products of {@link ShortsRow} four panels at a time, for vectors of 256 bits. They give the same bits.
 *
 * <pre>
 *   a word of W8A8     [ k0  k1 | k2  k3 ]    plus 128 each, so that no code is negative
 *   first codes        [   k0   |   k2   ]    x factor
 *   second codes       [   k1   |   k3   ]    x factor
 *   both added         [ short  | short  ]    minus 128 x both factors: at most 2 x 128 x 127 then, which fits
 *   added to           [       int       ]    the sum of a group
 * </pre>
 *
 * The sum of both products may be too large for a short before the subtraction. It is right after it, because shorts are added modulo 2^16.
 *
 * @param row what is multiplied, but for the numbers of the row: its pairs are the first and the second panel, and the others follow as far behind
 * @param narrowed the row
 */
record FourPanelsShortsRow(NarrowRow row, NarrowedRow narrowed) {
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = Widening.INTS;
    private static final VectorSpecies<Short> SHORTS = INTS.withLanes(short.class);
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    /** An exclusive or with it adds 128 to each code. */
    private static final int SIGNS_OF_BYTES = 0x8080_8080;

    /** The last code of each short. */
    private static final int BYTE_OF_SHORT = 0x00FF_00FF;

    /** Puts the row times the four panels, in the order of their columns, into {@code tile}. */
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
        int stride = row.w1() - row.w0();
        int scaleStride = row.s1() - row.s0();
        IntVector mask = IntVector.broadcast(INTS, BYTE_OF_SHORT);
        int depth = row.depth();
        int v = row.w0();
        int s = row.s0();
        int end = Math.min(depth, row.firstGroup());
        int at = 0;
        int group = 0;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0, l2 = l0, r2 = l0, l3 = l0, r3 = l0;
        for (int k = 0; k < depth; end = Math.min(depth, end + row.group())) {
            IntVector sum0 = IntVector.zero(INTS),
                    sum1 = sum0,
                    sum2 = sum0,
                    sum3 = sum0,
                    sum4 = sum0,
                    sum5 = sum0,
                    sum6 = sum0,
                    sum7 = sum0;
            for (; k < end; k += 4) {
                ShortVector first = IntVector.broadcast(INTS, factors[at]).reinterpretAsShorts();
                ShortVector second = IntVector.broadcast(INTS, factors[at + 1]).reinterpretAsShorts();
                ShortVector correction =
                        IntVector.broadcast(INTS, factors[at + 2]).reinterpretAsShorts();
                at += 3;
                IntVector a = IntVector.fromArray(INTS, words, v).lanewise(XOR, SIGNS_OF_BYTES);
                IntVector aPairs = a.lanewise(LSHR, 8)
                        .and(mask)
                        .reinterpretAsShorts()
                        .mul(first)
                        .add(a.and(mask).reinterpretAsShorts().mul(second))
                        .add(correction)
                        .reinterpretAsInts();
                sum0 = sum0.add(aPairs.lanewise(ASHR, 16))
                        .add(aPairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                IntVector b = IntVector.fromArray(INTS, words, v + LANES).lanewise(XOR, SIGNS_OF_BYTES);
                IntVector bPairs = b.lanewise(LSHR, 8)
                        .and(mask)
                        .reinterpretAsShorts()
                        .mul(first)
                        .add(b.and(mask).reinterpretAsShorts().mul(second))
                        .add(correction)
                        .reinterpretAsInts();
                sum1 = sum1.add(bPairs.lanewise(ASHR, 16))
                        .add(bPairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                IntVector c = IntVector.fromArray(INTS, words, v + stride).lanewise(XOR, SIGNS_OF_BYTES);
                IntVector cPairs = c.lanewise(LSHR, 8)
                        .and(mask)
                        .reinterpretAsShorts()
                        .mul(first)
                        .add(c.and(mask).reinterpretAsShorts().mul(second))
                        .add(correction)
                        .reinterpretAsInts();
                sum2 = sum2.add(cPairs.lanewise(ASHR, 16))
                        .add(cPairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                IntVector d =
                        IntVector.fromArray(INTS, words, v + stride + LANES).lanewise(XOR, SIGNS_OF_BYTES);
                IntVector dPairs = d.lanewise(LSHR, 8)
                        .and(mask)
                        .reinterpretAsShorts()
                        .mul(first)
                        .add(d.and(mask).reinterpretAsShorts().mul(second))
                        .add(correction)
                        .reinterpretAsInts();
                sum3 = sum3.add(dPairs.lanewise(ASHR, 16))
                        .add(dPairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                IntVector e = IntVector.fromArray(INTS, words, v + 2 * stride).lanewise(XOR, SIGNS_OF_BYTES);
                IntVector ePairs = e.lanewise(LSHR, 8)
                        .and(mask)
                        .reinterpretAsShorts()
                        .mul(first)
                        .add(e.and(mask).reinterpretAsShorts().mul(second))
                        .add(correction)
                        .reinterpretAsInts();
                sum4 = sum4.add(ePairs.lanewise(ASHR, 16))
                        .add(ePairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                IntVector f =
                        IntVector.fromArray(INTS, words, v + 2 * stride + LANES).lanewise(XOR, SIGNS_OF_BYTES);
                IntVector fPairs = f.lanewise(LSHR, 8)
                        .and(mask)
                        .reinterpretAsShorts()
                        .mul(first)
                        .add(f.and(mask).reinterpretAsShorts().mul(second))
                        .add(correction)
                        .reinterpretAsInts();
                sum5 = sum5.add(fPairs.lanewise(ASHR, 16))
                        .add(fPairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                IntVector g = IntVector.fromArray(INTS, words, v + 3 * stride).lanewise(XOR, SIGNS_OF_BYTES);
                IntVector gPairs = g.lanewise(LSHR, 8)
                        .and(mask)
                        .reinterpretAsShorts()
                        .mul(first)
                        .add(g.and(mask).reinterpretAsShorts().mul(second))
                        .add(correction)
                        .reinterpretAsInts();
                sum6 = sum6.add(gPairs.lanewise(ASHR, 16))
                        .add(gPairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                IntVector h =
                        IntVector.fromArray(INTS, words, v + 3 * stride + LANES).lanewise(XOR, SIGNS_OF_BYTES);
                IntVector hPairs = h.lanewise(LSHR, 8)
                        .and(mask)
                        .reinterpretAsShorts()
                        .mul(first)
                        .add(h.and(mask).reinterpretAsShorts().mul(second))
                        .add(correction)
                        .reinterpretAsInts();
                sum7 = sum7.add(hPairs.lanewise(ASHR, 16))
                        .add(hPairs.lanewise(LSHL, 16).lanewise(ASHR, 16));
                v += STEP;
            }
            float scale = narrowed.scales()[group++];
            l0 = ((FloatVector) sum0.convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s).mul(scale), l0);
            r0 = ((FloatVector) sum1.convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s + LANES).mul(scale), r0);
            l1 = ((FloatVector) sum2.convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s + scaleStride).mul(scale), l1);
            r1 = ((FloatVector) sum3.convert(I2F, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, s + scaleStride + LANES)
                                    .mul(scale),
                            r1);
            l2 = ((FloatVector) sum4.convert(I2F, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, s + 2 * scaleStride)
                                    .mul(scale),
                            l2);
            r2 = ((FloatVector) sum5.convert(I2F, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, s + 2 * scaleStride + LANES)
                                    .mul(scale),
                            r2);
            l3 = ((FloatVector) sum6.convert(I2F, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, s + 3 * scaleStride)
                                    .mul(scale),
                            l3);
            r3 = ((FloatVector) sum7.convert(I2F, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, s + 3 * scaleStride + LANES)
                                    .mul(scale),
                            r3);
            s += STEP;
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

    /** Eight codes a word. */
    private void w4a8(float[] tile) {
        int[] words = row.words();
        int[] factors = narrowed.factors();
        float[] scales = row.scales();
        int stride = row.w1() - row.w0();
        int scaleStride = row.s1() - row.s0();
        IntVector mask = IntVector.broadcast(INTS, ShortsRow.FOUR_BITS_OF_SHORT);
        int depth = row.depth();
        int v = row.w0();
        int s = row.s0();
        int end = Math.min(depth, row.firstGroup());
        int at = 0;
        int group = 0;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0, l2 = l0, r2 = l0, l3 = l0, r3 = l0;
        for (int k = 0; k < depth; end = Math.min(depth, end + row.group())) {
            ShortVector sum0 = ShortVector.zero(SHORTS),
                    sum1 = sum0,
                    sum2 = sum0,
                    sum3 = sum0,
                    sum4 = sum0,
                    sum5 = sum0,
                    sum6 = sum0,
                    sum7 = sum0;
            for (; k < end; k += 8) {
                ShortVector first = IntVector.broadcast(INTS, factors[at]).reinterpretAsShorts();
                ShortVector second = IntVector.broadcast(INTS, factors[at + 1]).reinterpretAsShorts();
                ShortVector third = IntVector.broadcast(INTS, factors[at + 2]).reinterpretAsShorts();
                ShortVector fourth = IntVector.broadcast(INTS, factors[at + 3]).reinterpretAsShorts();
                at += 4;
                IntVector a = IntVector.fromArray(INTS, words, v).lanewise(XOR, ShortsRow.SIGNS_OF_FOUR_BITS);
                sum0 = sum0.add(a.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(a.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(a.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(a.and(mask).reinterpretAsShorts().mul(fourth));
                IntVector b = IntVector.fromArray(INTS, words, v + LANES).lanewise(XOR, ShortsRow.SIGNS_OF_FOUR_BITS);
                sum1 = sum1.add(b.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(b.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(b.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(b.and(mask).reinterpretAsShorts().mul(fourth));
                IntVector c = IntVector.fromArray(INTS, words, v + stride).lanewise(XOR, ShortsRow.SIGNS_OF_FOUR_BITS);
                sum2 = sum2.add(c.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(c.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(c.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(c.and(mask).reinterpretAsShorts().mul(fourth));
                IntVector d = IntVector.fromArray(INTS, words, v + stride + LANES)
                        .lanewise(XOR, ShortsRow.SIGNS_OF_FOUR_BITS);
                sum3 = sum3.add(d.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(d.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(d.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(d.and(mask).reinterpretAsShorts().mul(fourth));
                IntVector e =
                        IntVector.fromArray(INTS, words, v + 2 * stride).lanewise(XOR, ShortsRow.SIGNS_OF_FOUR_BITS);
                sum4 = sum4.add(e.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(e.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(e.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(e.and(mask).reinterpretAsShorts().mul(fourth));
                IntVector f = IntVector.fromArray(INTS, words, v + 2 * stride + LANES)
                        .lanewise(XOR, ShortsRow.SIGNS_OF_FOUR_BITS);
                sum5 = sum5.add(f.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(f.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(f.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(f.and(mask).reinterpretAsShorts().mul(fourth));
                IntVector g =
                        IntVector.fromArray(INTS, words, v + 3 * stride).lanewise(XOR, ShortsRow.SIGNS_OF_FOUR_BITS);
                sum6 = sum6.add(g.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(g.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(g.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(g.and(mask).reinterpretAsShorts().mul(fourth));
                IntVector h = IntVector.fromArray(INTS, words, v + 3 * stride + LANES)
                        .lanewise(XOR, ShortsRow.SIGNS_OF_FOUR_BITS);
                sum7 = sum7.add(h.lanewise(LSHR, 12)
                                .and(mask)
                                .reinterpretAsShorts()
                                .mul(first))
                        .add(h.lanewise(LSHR, 8).and(mask).reinterpretAsShorts().mul(second))
                        .add(h.lanewise(LSHR, 4).and(mask).reinterpretAsShorts().mul(third))
                        .add(h.and(mask).reinterpretAsShorts().mul(fourth));
                v += STEP;
            }
            int eightTimesFactors = 8 * narrowed.sums()[group];
            float scale = narrowed.scales()[group++];
            IntVector shorts0 = sum0.reinterpretAsInts();
            l0 = ((FloatVector) shorts0.lanewise(ASHR, 16)
                            .add(shorts0.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s).mul(scale), l0);
            IntVector shorts1 = sum1.reinterpretAsInts();
            r0 = ((FloatVector) shorts1.lanewise(ASHR, 16)
                            .add(shorts1.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s + LANES).mul(scale), r0);
            IntVector shorts2 = sum2.reinterpretAsInts();
            l1 = ((FloatVector) shorts2.lanewise(ASHR, 16)
                            .add(shorts2.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(FloatVector.fromArray(FLOATS, scales, s + scaleStride).mul(scale), l1);
            IntVector shorts3 = sum3.reinterpretAsInts();
            r1 = ((FloatVector) shorts3.lanewise(ASHR, 16)
                            .add(shorts3.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, s + scaleStride + LANES)
                                    .mul(scale),
                            r1);
            IntVector shorts4 = sum4.reinterpretAsInts();
            l2 = ((FloatVector) shorts4.lanewise(ASHR, 16)
                            .add(shorts4.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, s + 2 * scaleStride)
                                    .mul(scale),
                            l2);
            IntVector shorts5 = sum5.reinterpretAsInts();
            r2 = ((FloatVector) shorts5.lanewise(ASHR, 16)
                            .add(shorts5.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, s + 2 * scaleStride + LANES)
                                    .mul(scale),
                            r2);
            IntVector shorts6 = sum6.reinterpretAsInts();
            l3 = ((FloatVector) shorts6.lanewise(ASHR, 16)
                            .add(shorts6.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, s + 3 * scaleStride)
                                    .mul(scale),
                            l3);
            IntVector shorts7 = sum7.reinterpretAsInts();
            r3 = ((FloatVector) shorts7.lanewise(ASHR, 16)
                            .add(shorts7.lanewise(LSHL, 16).lanewise(ASHR, 16))
                            .sub(eightTimesFactors)
                            .convert(I2F, 0))
                    .fma(
                            FloatVector.fromArray(FLOATS, scales, s + 3 * scaleStride + LANES)
                                    .mul(scale),
                            r3);
            s += STEP;
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
