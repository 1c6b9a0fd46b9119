package org.expertgrid.kernels.vector.narrow;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.vector.wide.FloatTiles;

/**
 * The loops for one row times packed words of narrow formats, which are widened in registers: the weights come from memory,
 * and few bytes of it. Each method takes two pairs of vectors, from the first k to the last.
 *
 * <p>No loop passes a vector to a method of ours: the compiler would make an object of each where it does not inline that.
 *
 * <p>A number that is multiplied is the one that {@link Widening} stores, so one row and many rows give the same bits.
 *
 * @param x the rows, every fourth number of which belongs to the one that is multiplied
 * @param x0 where that row begins
 * @param words the weights
 * @param w0 where the first pair begins in the words, w1 the second; its right vector is {@code wRight} further on
 * @param scales one for each group of inputs and column; a vector of ones where there is one group without
 * @param s0 where the scales of the first pair begin, s1 those of the second; those of the right vector are {@code sRight} further on
 * @param depth how many inputs there are
 * @param firstGroup how many inputs the first group has
 * @param group how many inputs each other group has, but for the last
 */
record NarrowRow(
        float[] x,
        int x0,
        int[] words,
        int w0,
        int w1,
        int wRight,
        float[] scales,
        int s0,
        int s1,
        int sRight,
        int depth,
        int firstGroup,
        int group) {
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = Widening.INTS;
    private static final int LANES = FloatTiles.LANES;
    /** The factor of a code of 0 that has no input: adding the product, -0, changes no sum, not even -0. */
    private static final float NOTHING = -0.0f;

    private static final int SIGN = 0x8000_0000;
    private static final int EXPONENT = 0x7F80_0000;

    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    /** Puts the row times the two pairs, in the order of their columns, into {@code tile}. */
    void multiply(WeightFormat format, float[] tile) {
        switch (format) {
            case BF16 -> bf16(tile);
            case INT8, INT4 -> integers(format.bits(), tile);
            default -> {
                if (format == WeightFormat.MXFP4 && Widening.TABLE) {
                    table(Widening.MXFP4_VALUES, tile);
                } else {
                    smallFloats(SmallFloats.of(format), w0, s0, tile, 0);
                    smallFloats(SmallFloats.of(format), w1, s1, tile, 2 * LANES);
                }
            }
        }
    }

    private void bf16(float[] tile) {
        int[] words = this.words;
        int v0 = w0;
        int v1 = w1;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0; k < depth; k += 2) {
            IntVector a = IntVector.fromArray(INTS, words, v0);
            IntVector b = IntVector.fromArray(INTS, words, v0 + wRight);
            IntVector c = IntVector.fromArray(INTS, words, v1);
            IntVector d = IntVector.fromArray(INTS, words, v1 + wRight);
            v0 += STEP;
            v1 += STEP;
            FloatVector even = FloatVector.broadcast(FLOATS, x[x0 + 4 * k]);
            l0 = even.fma(a.and(0xFFFF_0000).reinterpretAsFloats(), l0);
            r0 = even.fma(b.and(0xFFFF_0000).reinterpretAsFloats(), r0);
            l1 = even.fma(c.and(0xFFFF_0000).reinterpretAsFloats(), l1);
            r1 = even.fma(d.and(0xFFFF_0000).reinterpretAsFloats(), r1);
            FloatVector odd = FloatVector.broadcast(FLOATS, k + 1 < depth ? x[x0 + 4 * k + 4] : NOTHING);
            l0 = odd.fma(a.lanewise(LSHL, 16).reinterpretAsFloats(), l0);
            r0 = odd.fma(b.lanewise(LSHL, 16).reinterpretAsFloats(), r0);
            l1 = odd.fma(c.lanewise(LSHL, 16).reinterpretAsFloats(), l1);
            r1 = odd.fma(d.lanewise(LSHL, 16).reinterpretAsFloats(), r1);
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }

    /** F16, FP8_E4M3 and, where there is no table of them, MXFP4, one pair at a time; {@link SmallFloats} names the steps. */
    private void smallFloats(SmallFloats small, int pair, int scale, float[] tile, int t) {
        int bits = small.bits();
        IntVector largest = IntVector.broadcast(INTS, small.largest());
        FloatVector two = FloatVector.broadcast(FLOATS, 2.0f);
        FloatVector subtrahend = FloatVector.broadcast(FLOATS, -small.smallestNormal());
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0;
        int w = 0;
        int s = 0;
        int shift = 0;
        int end = firstGroup;
        for (int k = 0; k < depth; k++) {
            FloatVector e = FloatVector.broadcast(FLOATS, x[x0 + 4 * k]);
            IntVector left = IntVector.fromArray(INTS, words, pair + w).lanewise(LSHL, shift);
            IntVector leftMagnitude = left.and(small.mask()).lanewise(LSHR, small.shift());
            IntVector leftNormal = leftMagnitude.add(small.bias());
            IntVector leftSubnormal =
                    leftNormal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            IntVector leftInfinite =
                    largest.sub(leftMagnitude).lanewise(ASHR, 31).and(EXPONENT);
            IntVector leftValue = leftNormal.min(leftSubnormal).or(leftInfinite).or(left.and(SIGN));
            FloatVector leftScale = FloatVector.fromArray(FLOATS, scales, scale + s);
            l0 = e.fma(leftValue.reinterpretAsFloats().mul(leftScale), l0);
            IntVector right =
                    IntVector.fromArray(INTS, words, pair + w + wRight).lanewise(LSHL, shift);
            IntVector rightMagnitude = right.and(small.mask()).lanewise(LSHR, small.shift());
            IntVector rightNormal = rightMagnitude.add(small.bias());
            IntVector rightSubnormal =
                    rightNormal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            IntVector rightInfinite =
                    largest.sub(rightMagnitude).lanewise(ASHR, 31).and(EXPONENT);
            IntVector rightValue =
                    rightNormal.min(rightSubnormal).or(rightInfinite).or(right.and(SIGN));
            FloatVector rightScale = FloatVector.fromArray(FLOATS, scales, scale + s + sRight);
            r0 = e.fma(rightValue.reinterpretAsFloats().mul(rightScale), r0);
            shift += bits;
            boolean last = k + 1 == end;
            if (last || shift == Integer.SIZE) {
                shift = 0;
                w += STEP;
            }
            if (last) {
                s += STEP;
                end += group;
            }
        }
        l0.intoArray(tile, t);
        r0.intoArray(tile, t + LANES);
    }

    /** INT8 and INT4. */
    private void integers(int bits, float[] tile) {
        int above = Integer.SIZE - bits;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        int w = 0;
        int s = 0;
        int shift = 0;
        int end = firstGroup;
        for (int k = 0; k < depth; k++) {
            FloatVector e = FloatVector.broadcast(FLOATS, x[x0 + 4 * k]);
            IntVector a = IntVector.fromArray(INTS, words, w0 + w).lanewise(LSHL, shift);
            l0 = e.fma(
                    ((FloatVector) a.lanewise(ASHR, above).convert(I2F, 0))
                            .mul(FloatVector.fromArray(FLOATS, scales, s0 + s)),
                    l0);
            IntVector b = IntVector.fromArray(INTS, words, w0 + wRight + w).lanewise(LSHL, shift);
            r0 = e.fma(
                    ((FloatVector) b.lanewise(ASHR, above).convert(I2F, 0))
                            .mul(FloatVector.fromArray(FLOATS, scales, s0 + sRight + s)),
                    r0);
            IntVector c = IntVector.fromArray(INTS, words, w1 + w).lanewise(LSHL, shift);
            l1 = e.fma(
                    ((FloatVector) c.lanewise(ASHR, above).convert(I2F, 0))
                            .mul(FloatVector.fromArray(FLOATS, scales, s1 + s)),
                    l1);
            IntVector d = IntVector.fromArray(INTS, words, w1 + wRight + w).lanewise(LSHL, shift);
            r1 = e.fma(
                    ((FloatVector) d.lanewise(ASHR, above).convert(I2F, 0))
                            .mul(FloatVector.fromArray(FLOATS, scales, s1 + sRight + s)),
                    r1);
            shift += bits;
            boolean last = k + 1 == end;
            if (last || shift == Integer.SIZE) {
                shift = 0;
                w += STEP;
            }
            if (last) {
                s += STEP;
                end += group;
            }
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }

    /** MXFP4, whose values are looked up. */
    private void table(IntVector values, float[] tile) {
        int bits = 4;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        int w = 0;
        int s = 0;
        int shift = 0;
        int end = firstGroup;
        for (int k = 0; k < depth; k++) {
            FloatVector e = FloatVector.broadcast(FLOATS, x[x0 + 4 * k]);
            IntVector a = IntVector.fromArray(INTS, words, w0 + w).lanewise(LSHL, shift);
            l0 = e.fma(
                    a.lanewise(LSHR, 28)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(FloatVector.fromArray(FLOATS, scales, s0 + s)),
                    l0);
            IntVector b = IntVector.fromArray(INTS, words, w0 + wRight + w).lanewise(LSHL, shift);
            r0 = e.fma(
                    b.lanewise(LSHR, 28)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(FloatVector.fromArray(FLOATS, scales, s0 + sRight + s)),
                    r0);
            IntVector c = IntVector.fromArray(INTS, words, w1 + w).lanewise(LSHL, shift);
            l1 = e.fma(
                    c.lanewise(LSHR, 28)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(FloatVector.fromArray(FLOATS, scales, s1 + s)),
                    l1);
            IntVector d = IntVector.fromArray(INTS, words, w1 + wRight + w).lanewise(LSHL, shift);
            r1 = e.fma(
                    d.lanewise(LSHR, 28)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(FloatVector.fromArray(FLOATS, scales, s1 + sRight + s)),
                    r1);
            shift += bits;
            boolean last = k + 1 == end;
            if (last || shift == Integer.SIZE) {
                shift = 0;
                w += STEP;
            }
            if (last) {
                s += STEP;
                end += group;
            }
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }
}
