package org.expertgrid.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.WeightFormat;

/**
 * The products of {@link NarrowRow} where every word has all of its codes, as those of published models have: a word at a time, without
 * a branch between its codes. They give the same bits, two to three times as fast.
 *
 * @param row what is multiplied
 */
record FullWordsRow(NarrowRow row) {
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = Widening.INTS;
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = VectorKernels.PANEL_BYTES / Float.BYTES;

    /** The lower half of each byte. */
    private static final int LOWER_HALVES = 0x0F0F_0F0F;

    /** Returns whether there is a method for that format. */
    static boolean has(WeightFormat format) {
        return switch (format) {
            case F16, INT8, INT4 -> true;
            case MXFP4 -> Widening.TABLE;
            default -> false;
        };
    }

    /** Puts the row times the two pairs, in the order of their columns, into {@code tile}. */
    void multiply(WeightFormat format, float[] tile) {
        switch (format) {
            case INT8 -> int8(tile);
            case INT4 -> int4(tile);
            case MXFP4 -> mxfp4(Widening.MXFP4_TWICE, tile);
            case F16 -> {
                f16(row.w0(), tile, 0);
                f16(row.w1(), tile, 2 * LANES);
            }
            default ->
                throw new IllegalArgumentException("format: " + format + " (expected: one of F16, INT8, INT4, MXFP4)");
        }
    }

    /** Two codes a word, one pair; {@link SmallFloats} names the steps. */
    private void f16(int pair, float[] tile, int t) {
        int[] words = row.words();
        float[] x = row.x();
        int wRight = row.wRight();
        int depth = row.depth();
        int at = row.x0();
        int w = pair;
        IntVector largest = IntVector.broadcast(INTS, (0x1F << 23) - 1);
        FloatVector two = FloatVector.broadcast(FLOATS, 2.0f);
        FloatVector subtrahend = FloatVector.broadcast(FLOATS, -0x1p-14f);
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0;
        for (int k = 0; k < depth; k += 2) {
            IntVector a = IntVector.fromArray(INTS, words, w);
            IntVector b = IntVector.fromArray(INTS, words, w + wRight);
            IntVector c = a.lanewise(LSHL, 16);
            IntVector d = b.lanewise(LSHL, 16);
            w += STEP;
            FloatVector even = FloatVector.broadcast(FLOATS, x[at]);
            FloatVector odd = FloatVector.broadcast(FLOATS, x[at + 4]);
            at += 8;
            IntVector aMagnitude = a.and(0x7FFF_0000).lanewise(LSHR, 3);
            IntVector aNormal = aMagnitude.add(112 << 23);
            IntVector aSubnormal =
                    aNormal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            IntVector aInfinite = largest.sub(aMagnitude).lanewise(ASHR, 31).and(0x7F80_0000);
            IntVector aValue = aNormal.min(aSubnormal).or(aInfinite).or(a.and(0x8000_0000));
            l0 = even.fma(aValue.reinterpretAsFloats(), l0);
            IntVector bMagnitude = b.and(0x7FFF_0000).lanewise(LSHR, 3);
            IntVector bNormal = bMagnitude.add(112 << 23);
            IntVector bSubnormal =
                    bNormal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            IntVector bInfinite = largest.sub(bMagnitude).lanewise(ASHR, 31).and(0x7F80_0000);
            IntVector bValue = bNormal.min(bSubnormal).or(bInfinite).or(b.and(0x8000_0000));
            r0 = even.fma(bValue.reinterpretAsFloats(), r0);
            IntVector cMagnitude = c.and(0x7FFF_0000).lanewise(LSHR, 3);
            IntVector cNormal = cMagnitude.add(112 << 23);
            IntVector cSubnormal =
                    cNormal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            IntVector cInfinite = largest.sub(cMagnitude).lanewise(ASHR, 31).and(0x7F80_0000);
            IntVector cValue = cNormal.min(cSubnormal).or(cInfinite).or(c.and(0x8000_0000));
            l0 = odd.fma(cValue.reinterpretAsFloats(), l0);
            IntVector dMagnitude = d.and(0x7FFF_0000).lanewise(LSHR, 3);
            IntVector dNormal = dMagnitude.add(112 << 23);
            IntVector dSubnormal =
                    dNormal.reinterpretAsFloats().fma(two, subtrahend).reinterpretAsInts();
            IntVector dInfinite = largest.sub(dMagnitude).lanewise(ASHR, 31).and(0x7F80_0000);
            IntVector dValue = dNormal.min(dSubnormal).or(dInfinite).or(d.and(0x8000_0000));
            r0 = odd.fma(dValue.reinterpretAsFloats(), r0);
        }
        l0.intoArray(tile, t);
        r0.intoArray(tile, t + LANES);
    }

    /** Four codes a word. */
    private void int8(float[] tile) {
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
        int s = 0;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0; k < depth; k += 4) {
            if (k == end) {
                s += STEP;
                end += row.group();
            }
            FloatVector f = FloatVector.fromArray(FLOATS, scales, s0 + s);
            FloatVector g = FloatVector.fromArray(FLOATS, scales, s0 + sRight + s);
            FloatVector h = FloatVector.fromArray(FLOATS, scales, s1 + s);
            FloatVector i = FloatVector.fromArray(FLOATS, scales, s1 + sRight + s);
            IntVector a = IntVector.fromArray(INTS, words, v0);
            IntVector b = IntVector.fromArray(INTS, words, v0 + wRight);
            IntVector c = IntVector.fromArray(INTS, words, v1);
            IntVector d = IntVector.fromArray(INTS, words, v1 + wRight);
            v0 += STEP;
            v1 += STEP;
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[at]);
            l0 = e0.fma(((FloatVector) a.lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e0.fma(((FloatVector) b.lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e0.fma(((FloatVector) c.lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e0.fma(((FloatVector) d.lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[at + 4]);
            l0 = e1.fma(((FloatVector) a.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e1.fma(((FloatVector) b.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e1.fma(((FloatVector) c.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e1.fma(((FloatVector) d.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            FloatVector e2 = FloatVector.broadcast(FLOATS, x[at + 8]);
            l0 = e2.fma(((FloatVector) a.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e2.fma(((FloatVector) b.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e2.fma(((FloatVector) c.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e2.fma(((FloatVector) d.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            FloatVector e3 = FloatVector.broadcast(FLOATS, x[at + 12]);
            l0 = e3.fma(((FloatVector) a.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e3.fma(((FloatVector) b.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e3.fma(((FloatVector) c.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e3.fma(((FloatVector) d.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            at += 16;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }

    /** Eight codes a word, four at a time: eight would be more than the compiler of JDK 17 keeps in registers. */
    private void int4(float[] tile) {
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
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0; k < depth; k += 4) {
            if (k == end) {
                s0 += STEP;
                s1 += STEP;
                end += row.group();
            }
            int half = 4 * (k & 4);
            int w = k / 8 * STEP;
            FloatVector f = FloatVector.fromArray(FLOATS, scales, s0);
            FloatVector g = FloatVector.fromArray(FLOATS, scales, s0 + sRight);
            FloatVector h = FloatVector.fromArray(FLOATS, scales, s1);
            FloatVector i = FloatVector.fromArray(FLOATS, scales, s1 + sRight);
            IntVector a = IntVector.fromArray(INTS, words, w + w0).lanewise(LSHL, half);
            IntVector b = IntVector.fromArray(INTS, words, w + w0 + wRight).lanewise(LSHL, half);
            IntVector c = IntVector.fromArray(INTS, words, w + w1).lanewise(LSHL, half);
            IntVector d = IntVector.fromArray(INTS, words, w + w1 + wRight).lanewise(LSHL, half);
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[at]);
            l0 = e0.fma(((FloatVector) a.lanewise(ASHR, 28).convert(I2F, 0)).mul(f), l0);
            r0 = e0.fma(((FloatVector) b.lanewise(ASHR, 28).convert(I2F, 0)).mul(g), r0);
            l1 = e0.fma(((FloatVector) c.lanewise(ASHR, 28).convert(I2F, 0)).mul(h), l1);
            r1 = e0.fma(((FloatVector) d.lanewise(ASHR, 28).convert(I2F, 0)).mul(i), r1);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[at + 4]);
            l0 = e1.fma(((FloatVector) a.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(f), l0);
            r0 = e1.fma(((FloatVector) b.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(g), r0);
            l1 = e1.fma(((FloatVector) c.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(h), l1);
            r1 = e1.fma(((FloatVector) d.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(i), r1);
            FloatVector e2 = FloatVector.broadcast(FLOATS, x[at + 8]);
            l0 = e2.fma(((FloatVector) a.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(f), l0);
            r0 = e2.fma(((FloatVector) b.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(g), r0);
            l1 = e2.fma(((FloatVector) c.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(h), l1);
            r1 = e2.fma(((FloatVector) d.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(i), r1);
            FloatVector e3 = FloatVector.broadcast(FLOATS, x[at + 12]);
            l0 = e3.fma(((FloatVector) a.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(f), l0);
            r0 = e3.fma(((FloatVector) b.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(g), r0);
            l1 = e3.fma(((FloatVector) c.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(h), l1);
            r1 = e3.fma(((FloatVector) d.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(i), r1);
            at += 16;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }

    /**
     * Eight codes a word. All bytes of a vector become twice the values of their codes, which are integers, in one look-up for every
     * other code; the scales are halved for that.
     */
    private void mxfp4(ByteVector twice, float[] tile) {
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
            FloatVector f = FloatVector.fromArray(FLOATS, scales, s0).mul(0.5f);
            FloatVector g = FloatVector.fromArray(FLOATS, scales, s0 + sRight).mul(0.5f);
            FloatVector h = FloatVector.fromArray(FLOATS, scales, s1).mul(0.5f);
            FloatVector i = FloatVector.fromArray(FLOATS, scales, s1 + sRight).mul(0.5f);
            IntVector a = IntVector.fromArray(INTS, words, v0);
            IntVector b = IntVector.fromArray(INTS, words, v0 + wRight);
            IntVector c = IntVector.fromArray(INTS, words, v1);
            IntVector d = IntVector.fromArray(INTS, words, v1 + wRight);
            v0 += STEP;
            v1 += STEP;
            IntVector aEven = a.lanewise(LSHR, 4)
                    .and(LOWER_HALVES)
                    .reinterpretAsBytes()
                    .selectFrom(twice)
                    .reinterpretAsInts();
            IntVector aOdd =
                    a.and(LOWER_HALVES).reinterpretAsBytes().selectFrom(twice).reinterpretAsInts();
            IntVector bEven = b.lanewise(LSHR, 4)
                    .and(LOWER_HALVES)
                    .reinterpretAsBytes()
                    .selectFrom(twice)
                    .reinterpretAsInts();
            IntVector bOdd =
                    b.and(LOWER_HALVES).reinterpretAsBytes().selectFrom(twice).reinterpretAsInts();
            IntVector cEven = c.lanewise(LSHR, 4)
                    .and(LOWER_HALVES)
                    .reinterpretAsBytes()
                    .selectFrom(twice)
                    .reinterpretAsInts();
            IntVector cOdd =
                    c.and(LOWER_HALVES).reinterpretAsBytes().selectFrom(twice).reinterpretAsInts();
            IntVector dEven = d.lanewise(LSHR, 4)
                    .and(LOWER_HALVES)
                    .reinterpretAsBytes()
                    .selectFrom(twice)
                    .reinterpretAsInts();
            IntVector dOdd =
                    d.and(LOWER_HALVES).reinterpretAsBytes().selectFrom(twice).reinterpretAsInts();
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[at]);
            l0 = e0.fma(((FloatVector) aEven.lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e0.fma(((FloatVector) bEven.lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e0.fma(((FloatVector) cEven.lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e0.fma(((FloatVector) dEven.lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[at + 4]);
            l0 = e1.fma(((FloatVector) aOdd.lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e1.fma(((FloatVector) bOdd.lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e1.fma(((FloatVector) cOdd.lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e1.fma(((FloatVector) dOdd.lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            FloatVector e2 = FloatVector.broadcast(FLOATS, x[at + 8]);
            l0 = e2.fma(
                    ((FloatVector) aEven.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e2.fma(
                    ((FloatVector) bEven.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e2.fma(
                    ((FloatVector) cEven.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e2.fma(
                    ((FloatVector) dEven.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            FloatVector e3 = FloatVector.broadcast(FLOATS, x[at + 12]);
            l0 = e3.fma(((FloatVector) aOdd.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e3.fma(((FloatVector) bOdd.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e3.fma(((FloatVector) cOdd.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e3.fma(((FloatVector) dOdd.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            FloatVector e4 = FloatVector.broadcast(FLOATS, x[at + 16]);
            l0 = e4.fma(
                    ((FloatVector) aEven.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e4.fma(
                    ((FloatVector) bEven.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e4.fma(
                    ((FloatVector) cEven.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e4.fma(
                    ((FloatVector) dEven.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            FloatVector e5 = FloatVector.broadcast(FLOATS, x[at + 20]);
            l0 = e5.fma(
                    ((FloatVector) aOdd.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e5.fma(
                    ((FloatVector) bOdd.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e5.fma(
                    ((FloatVector) cOdd.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e5.fma(
                    ((FloatVector) dOdd.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            FloatVector e6 = FloatVector.broadcast(FLOATS, x[at + 24]);
            l0 = e6.fma(
                    ((FloatVector) aEven.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e6.fma(
                    ((FloatVector) bEven.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e6.fma(
                    ((FloatVector) cEven.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e6.fma(
                    ((FloatVector) dEven.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            FloatVector e7 = FloatVector.broadcast(FLOATS, x[at + 28]);
            l0 = e7.fma(
                    ((FloatVector) aOdd.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
            r0 = e7.fma(
                    ((FloatVector) bOdd.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
            l1 = e7.fma(
                    ((FloatVector) cOdd.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
            r1 = e7.fma(
                    ((FloatVector) dOdd.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
            at += 32;
        }
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }
}
