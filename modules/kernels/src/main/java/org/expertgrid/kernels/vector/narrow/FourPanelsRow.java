package org.expertgrid.kernels.vector.narrow;

import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightTile;
import org.expertgrid.kernels.vector.wide.FloatTiles;
import org.expertgrid.kernels.vector.wide.InterleavedRows;

/**
 * The products of {@link NarrowRow} four panels at a time, for vectors of 256 bits. A vector that is half as wide as a panel needs twice as many
 * panels, so that as much of the memory is read at once. Every word must have all of its codes. They give the same bits.
 *
 * @param row what is multiplied: its pairs are the first and the second panel, and the others follow as far behind
 */
record FourPanelsRow(NarrowRow row) {
    /** How many panels are multiplied at once. */
    static final int PANELS = 4;

    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = Widening.INTS;
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    /**
     * Returns whether there is a method for the codes of a tile whose words have all of their codes, and for these rows.
     *
     * @param from the first row that is multiplied
     * @param to the row behind the last one
     */
    static boolean has(WeightTile tile, InterleavedRows rows, int from, int to) {
        if (2 * LANES != STEP || !FullWordsRow.LONG_LOOPS) {
            return false;
        }
        return switch (tile.layout().format()) {
            case BF16, INT8, INT4, W8A8, W4A8 -> true;
            case F16 -> FourPanelsSmallFloatsRow.hasF16(tile, rows, from, to);
            case FP8_E4M3 -> FourPanelsSmallFloatsRow.hasFp8(tile);
            default -> false;
        };
    }

    /** Puts the row times the four panels, in the order of their columns, into {@code tile}. */
    void multiply(WeightFormat format, float[] tile) {
        switch (format) {
            case BF16 -> bf16(tile);
            case F16 -> new FourPanelsSmallFloatsRow(row).f16(tile);
            case INT8 -> new FourPanelsIntegersRow(row).int8(tile);
            case INT4 -> new FourPanelsIntegersRow(row).int4(tile);
            default -> new FourPanelsSmallFloatsRow(row).fp8(tile);
        }
    }

    /** BF16: the upper half of a float32. */
    private void bf16(float[] tile) {
        int[] words = row.words();
        float[] x = row.x();
        int stride = row.w1() - row.w0();
        int depth = row.depth();
        int v = row.w0();
        int at = row.x0();
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0, l2 = l0, r2 = l0, l3 = l0, r3 = l0;
        for (int k = 0; k < depth; k += 2) {
            FloatVector even = FloatVector.broadcast(FLOATS, x[at]);
            FloatVector odd = FloatVector.broadcast(FLOATS, x[at + 4]);
            IntVector a = IntVector.fromArray(INTS, words, v);
            l0 = even.fma(a.and(0xFFFF_0000).reinterpretAsFloats(), l0);
            l0 = odd.fma(a.lanewise(LSHL, 16).reinterpretAsFloats(), l0);
            IntVector b = IntVector.fromArray(INTS, words, v + LANES);
            r0 = even.fma(b.and(0xFFFF_0000).reinterpretAsFloats(), r0);
            r0 = odd.fma(b.lanewise(LSHL, 16).reinterpretAsFloats(), r0);
            IntVector c = IntVector.fromArray(INTS, words, v + stride);
            l1 = even.fma(c.and(0xFFFF_0000).reinterpretAsFloats(), l1);
            l1 = odd.fma(c.lanewise(LSHL, 16).reinterpretAsFloats(), l1);
            IntVector d = IntVector.fromArray(INTS, words, v + stride + LANES);
            r1 = even.fma(d.and(0xFFFF_0000).reinterpretAsFloats(), r1);
            r1 = odd.fma(d.lanewise(LSHL, 16).reinterpretAsFloats(), r1);
            IntVector e = IntVector.fromArray(INTS, words, v + 2 * stride);
            l2 = even.fma(e.and(0xFFFF_0000).reinterpretAsFloats(), l2);
            l2 = odd.fma(e.lanewise(LSHL, 16).reinterpretAsFloats(), l2);
            IntVector f = IntVector.fromArray(INTS, words, v + 2 * stride + LANES);
            r2 = even.fma(f.and(0xFFFF_0000).reinterpretAsFloats(), r2);
            r2 = odd.fma(f.lanewise(LSHL, 16).reinterpretAsFloats(), r2);
            IntVector g = IntVector.fromArray(INTS, words, v + 3 * stride);
            l3 = even.fma(g.and(0xFFFF_0000).reinterpretAsFloats(), l3);
            l3 = odd.fma(g.lanewise(LSHL, 16).reinterpretAsFloats(), l3);
            IntVector h = IntVector.fromArray(INTS, words, v + 3 * stride + LANES);
            r3 = even.fma(h.and(0xFFFF_0000).reinterpretAsFloats(), r3);
            r3 = odd.fma(h.lanewise(LSHL, 16).reinterpretAsFloats(), r3);
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
}
