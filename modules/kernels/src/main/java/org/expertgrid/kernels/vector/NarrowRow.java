package org.expertgrid.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.WeightFormat;

/**
 * The loops for one row times packed words of narrow formats, which are widened in registers: the weights come from memory,
 * and few bytes of it. Each method takes two pairs of vectors, from the first k to the last.
 *
 * <p>A number that is multiplied is the one that {@link Widening} stores, so one row and many rows give the same bits.
 *
 * @param x the rows, every fourth number of which belongs to the one that is multiplied
 * @param x0 where that row begins
 * @param words the weights
 * @param w0 where the first pair begins in the words, w1 the second; its right vector is {@code wRight} further on
 * @param scales one for each group of inputs and column
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
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = VectorKernels.PANEL_BYTES / Float.BYTES;

    /** Returns the row times the two pairs, in the columns' order, in {@code tile}. */
    void multiply(WeightFormat format, float[] tile) {
        switch (format) {
            case BF16 -> bf16(tile);
            case F16 -> {
                f16(w0, tile, 0);
                f16(w1, tile, 2 * LANES);
            }
            case FP8_E4M3 -> {
                fp8(w0, s0, tile, 0);
                fp8(w1, s1, tile, 2 * LANES);
            }
            case MXFP4 -> mxfp4(tile);
            case INT8 -> int8(tile);
            case INT4 -> int4(tile);
            case FLOAT64, FLOAT32 ->
                throw new IllegalArgumentException("format: " + format + " (expected: a narrow one)");
        }
    }

    private void bf16(float[] tile) {
        int[] words = this.words;
        float[] x = this.x;
        int w0 = this.w0;
        int w1 = this.w1;
        int v0 = w0 + wRight;
        int v1 = w1 + wRight;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        int depth = this.depth;
        int at = x0;
        for (int k = 0; k < depth; k += 2) {
            int w = k / 2 * STEP;
            IntVector a = IntVector.fromArray(INTS, words, w0 + w);
            IntVector b = IntVector.fromArray(INTS, words, v0 + w);
            IntVector c = IntVector.fromArray(INTS, words, w1 + w);
            IntVector d = IntVector.fromArray(INTS, words, v1 + w);
            FloatVector e = FloatVector.broadcast(FLOATS, x[at + 4 * k]);
            l0 = e.fma(a.and(0xFFFF_0000).reinterpretAsFloats(), l0);
            r0 = e.fma(b.and(0xFFFF_0000).reinterpretAsFloats(), r0);
            l1 = e.fma(c.and(0xFFFF_0000).reinterpretAsFloats(), l1);
            r1 = e.fma(d.and(0xFFFF_0000).reinterpretAsFloats(), r1);
            if (k + 1 < depth) {
                FloatVector o = FloatVector.broadcast(FLOATS, x[at + 4 * k + 4]);
                l0 = o.fma(a.lanewise(LSHL, 16).reinterpretAsFloats(), l0);
                r0 = o.fma(b.lanewise(LSHL, 16).reinterpretAsFloats(), r0);
                l1 = o.fma(c.lanewise(LSHL, 16).reinterpretAsFloats(), l1);
                r1 = o.fma(d.lanewise(LSHL, 16).reinterpretAsFloats(), r1);
            }
        }
        store(l0, r0, l1, r1, tile);
    }

    /** Takes one pair: two would be more than the compiler takes into one method. */
    private void f16(int pair, float[] tile, int t) {
        int[] words = this.words;
        float[] x = this.x;
        int depth = this.depth;
        int w = pair;
        FloatVector left = FloatVector.zero(FLOATS);
        FloatVector right = left;
        for (int k = 0; k < depth; ) {
            IntVector a = IntVector.fromArray(INTS, words, w);
            IntVector b = IntVector.fromArray(INTS, words, w + wRight);
            w += STEP;
            for (int stop = Math.min(depth, k + 2); k < stop; k++) {
                FloatVector e = FloatVector.broadcast(FLOATS, x[x0 + 4 * k]);
                left = e.fma(Widening.f16(a), left);
                right = e.fma(Widening.f16(b), right);
                a = a.lanewise(LSHL, 16);
                b = b.lanewise(LSHL, 16);
            }
        }
        left.intoArray(tile, t);
        right.intoArray(tile, t + LANES);
    }

    /** Takes one pair: two would be more than the compiler takes into one method. */
    private void fp8(int pair, int pairOfScales, float[] tile, int t) {
        int[] words = this.words;
        float[] scales = this.scales;
        float[] x = this.x;
        int w = pair;
        int s = pairOfScales;
        FloatVector left = FloatVector.zero(FLOATS);
        FloatVector right = left;
        for (int k = 0, end = firstGroup; k < depth; end = Math.min(depth, end + group)) {
            FloatVector f = FloatVector.fromArray(FLOATS, scales, s);
            FloatVector g = FloatVector.fromArray(FLOATS, scales, s + sRight);
            s += STEP;
            while (k < end) {
                IntVector a = IntVector.fromArray(INTS, words, w);
                IntVector b = IntVector.fromArray(INTS, words, w + wRight);
                w += STEP;
                for (int stop = Math.min(end, k + 4); k < stop; k++) {
                    FloatVector e = FloatVector.broadcast(FLOATS, x[x0 + 4 * k]);
                    left = e.fma(Widening.fp8(a).mul(f), left);
                    right = e.fma(Widening.fp8(b).mul(g), right);
                    a = a.lanewise(LSHL, 8);
                    b = b.lanewise(LSHL, 8);
                }
            }
        }
        left.intoArray(tile, t);
        right.intoArray(tile, t + LANES);
    }

    private void mxfp4(float[] tile) {
        int[] words = this.words;
        float[] scales = this.scales;
        float[] x = this.x;
        int v0 = w0;
        int v1 = w1;
        int scale = 0;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0, end = firstGroup; k < depth; end = Math.min(depth, end + group)) {
            FloatVector f = FloatVector.fromArray(FLOATS, scales, s0 + scale);
            FloatVector g = FloatVector.fromArray(FLOATS, scales, s0 + sRight + scale);
            FloatVector h = FloatVector.fromArray(FLOATS, scales, s1 + scale);
            FloatVector i = FloatVector.fromArray(FLOATS, scales, s1 + sRight + scale);
            scale += STEP;
            while (k < end) {
                IntVector a = IntVector.fromArray(INTS, words, v0);
                IntVector b = IntVector.fromArray(INTS, words, v0 + wRight);
                IntVector c = IntVector.fromArray(INTS, words, v1);
                IntVector d = IntVector.fromArray(INTS, words, v1 + wRight);
                v0 += STEP;
                v1 += STEP;
                for (int stop = Math.min(end, k + 8); k < stop; k++) {
                    FloatVector e = FloatVector.broadcast(FLOATS, x[x0 + 4 * k]);
                    l0 = e.fma(Widening.mxfp4(a).mul(f), l0);
                    r0 = e.fma(Widening.mxfp4(b).mul(g), r0);
                    l1 = e.fma(Widening.mxfp4(c).mul(h), l1);
                    r1 = e.fma(Widening.mxfp4(d).mul(i), r1);
                    a = a.lanewise(LSHL, 4);
                    b = b.lanewise(LSHL, 4);
                    c = c.lanewise(LSHL, 4);
                    d = d.lanewise(LSHL, 4);
                }
            }
        }
        store(l0, r0, l1, r1, tile);
    }

    private void int8(float[] tile) {
        int[] words = this.words;
        float[] scales = this.scales;
        float[] x = this.x;
        int v0 = w0;
        int v1 = w1;
        int scale = 0;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0, end = firstGroup; k < depth; end = Math.min(depth, end + group)) {
            FloatVector f = FloatVector.fromArray(FLOATS, scales, s0 + scale);
            FloatVector g = FloatVector.fromArray(FLOATS, scales, s0 + sRight + scale);
            FloatVector h = FloatVector.fromArray(FLOATS, scales, s1 + scale);
            FloatVector i = FloatVector.fromArray(FLOATS, scales, s1 + sRight + scale);
            scale += STEP;
            while (k < end) {
                IntVector a = IntVector.fromArray(INTS, words, v0);
                IntVector b = IntVector.fromArray(INTS, words, v0 + wRight);
                IntVector c = IntVector.fromArray(INTS, words, v1);
                IntVector d = IntVector.fromArray(INTS, words, v1 + wRight);
                v0 += STEP;
                v1 += STEP;
                for (int stop = Math.min(end, k + 4); k < stop; k++) {
                    FloatVector e = FloatVector.broadcast(FLOATS, x[x0 + 4 * k]);
                    l0 = e.fma(((FloatVector) a.lanewise(ASHR, 24).convert(I2F, 0)).mul(f), l0);
                    r0 = e.fma(((FloatVector) b.lanewise(ASHR, 24).convert(I2F, 0)).mul(g), r0);
                    l1 = e.fma(((FloatVector) c.lanewise(ASHR, 24).convert(I2F, 0)).mul(h), l1);
                    r1 = e.fma(((FloatVector) d.lanewise(ASHR, 24).convert(I2F, 0)).mul(i), r1);
                    a = a.lanewise(LSHL, 8);
                    b = b.lanewise(LSHL, 8);
                    c = c.lanewise(LSHL, 8);
                    d = d.lanewise(LSHL, 8);
                }
            }
        }
        store(l0, r0, l1, r1, tile);
    }

    private void int4(float[] tile) {
        int[] words = this.words;
        float[] scales = this.scales;
        float[] x = this.x;
        int v0 = w0;
        int v1 = w1;
        int scale = 0;
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0;
        for (int k = 0, end = firstGroup; k < depth; end = Math.min(depth, end + group)) {
            FloatVector f = FloatVector.fromArray(FLOATS, scales, s0 + scale);
            FloatVector g = FloatVector.fromArray(FLOATS, scales, s0 + sRight + scale);
            FloatVector h = FloatVector.fromArray(FLOATS, scales, s1 + scale);
            FloatVector i = FloatVector.fromArray(FLOATS, scales, s1 + sRight + scale);
            scale += STEP;
            while (k < end) {
                IntVector a = IntVector.fromArray(INTS, words, v0);
                IntVector b = IntVector.fromArray(INTS, words, v0 + wRight);
                IntVector c = IntVector.fromArray(INTS, words, v1);
                IntVector d = IntVector.fromArray(INTS, words, v1 + wRight);
                v0 += STEP;
                v1 += STEP;
                for (int stop = Math.min(end, k + 8); k < stop; k++) {
                    FloatVector e = FloatVector.broadcast(FLOATS, x[x0 + 4 * k]);
                    l0 = e.fma(((FloatVector) a.lanewise(ASHR, 28).convert(I2F, 0)).mul(f), l0);
                    r0 = e.fma(((FloatVector) b.lanewise(ASHR, 28).convert(I2F, 0)).mul(g), r0);
                    l1 = e.fma(((FloatVector) c.lanewise(ASHR, 28).convert(I2F, 0)).mul(h), l1);
                    r1 = e.fma(((FloatVector) d.lanewise(ASHR, 28).convert(I2F, 0)).mul(i), r1);
                    a = a.lanewise(LSHL, 4);
                    b = b.lanewise(LSHL, 4);
                    c = c.lanewise(LSHL, 4);
                    d = d.lanewise(LSHL, 4);
                }
            }
        }
        store(l0, r0, l1, r1, tile);
    }

    private static void store(FloatVector l0, FloatVector r0, FloatVector l1, FloatVector r1, float[] tile) {
        l0.intoArray(tile, 0);
        r0.intoArray(tile, LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
    }
}
