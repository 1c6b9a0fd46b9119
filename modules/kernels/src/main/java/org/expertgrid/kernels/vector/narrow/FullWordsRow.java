package org.expertgrid.kernels.vector.narrow;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightTile;
import org.expertgrid.kernels.vector.wide.FloatTiles;

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
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    /** Whether the compiler keeps vectors in registers in methods of any length. {@link ShortLoopsRow} says more. */
    static final boolean LONG_LOOPS = Runtime.version().feature() >= 21;

    /** Returns whether there is a method for the codes of a tile. */
    static boolean has(WeightTile tile) {
        return switch (tile.layout().format()) {
            case INT8, INT4, MXFP4 -> true;
            case F16, FP8_E4M3 -> tile.allFinite();
            default -> false;
        };
    }

    /** Puts the row times the two pairs, in the order of their columns, into {@code tile}. */
    void multiply(WeightFormat format, float[] tile) {
        if (!LONG_LOOPS) {
            shortLoops(format, tile);
            return;
        }
        switch (format) {
            case INT8 -> int8(tile);
            case INT4 -> {
                if (Widening.TABLE) {
                    new LookedUpRow(row).values(Widening.INT4_VALUES, tile);
                } else {
                    int4(tile);
                }
            }
            case MXFP4 -> {
                if (Widening.TABLE) {
                    new LookedUpRow(row).values(Widening.MXFP4_VALUES, tile);
                } else if (Widening.TABLE_OF_MAGNITUDES) {
                    new LookedUpMagnitudesRow(row).values(Widening.MXFP4_MAGNITUDES, tile);
                } else {
                    shortLoops(format, tile);
                }
            }
            case F16 -> new SmallFloatsRow(row).f16(tile);
            default -> new SmallFloatsRow(row).fp8(tile);
        }
    }

    private void shortLoops(WeightFormat format, float[] tile) {
        switch (format) {
            case INT8, INT4 -> new ShortLoopsRow(row).integers(format.bits(), tile);
            default -> new ShortLoopsRow(row).smallFloats(SmallFloats.of(format), tile);
        }
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
}
