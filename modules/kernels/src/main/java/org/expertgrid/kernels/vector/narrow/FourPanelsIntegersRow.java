package org.expertgrid.kernels.vector.narrow;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.vector.wide.FloatTiles;

/**
 * The products of {@link FourPanelsRow} with INT8 and INT4, four codes of a word at a time.
 *
 * @param row as that of {@link FourPanelsRow}
 */
record FourPanelsIntegersRow(NarrowRow row) {
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = Widening.INTS;
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    /** INT8. */
    void int8(float[] tile) {
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
            FloatVector aScale = FloatVector.fromArray(FLOATS, scales, s);
            l0 = e0.fma(((FloatVector) a.lanewise(ASHR, 24).convert(I2F, 0)).mul(aScale), l0);
            l0 = e1.fma(((FloatVector) a.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(aScale), l0);
            l0 = e2.fma(((FloatVector) a.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(aScale), l0);
            l0 = e3.fma(((FloatVector) a.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(aScale), l0);
            IntVector b = IntVector.fromArray(INTS, words, v + LANES);
            FloatVector bScale = FloatVector.fromArray(FLOATS, scales, s + LANES);
            r0 = e0.fma(((FloatVector) b.lanewise(ASHR, 24).convert(I2F, 0)).mul(bScale), r0);
            r0 = e1.fma(((FloatVector) b.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(bScale), r0);
            r0 = e2.fma(((FloatVector) b.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(bScale), r0);
            r0 = e3.fma(((FloatVector) b.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(bScale), r0);
            IntVector c = IntVector.fromArray(INTS, words, v + stride);
            FloatVector cScale = FloatVector.fromArray(FLOATS, scales, s + scaleStride);
            l1 = e0.fma(((FloatVector) c.lanewise(ASHR, 24).convert(I2F, 0)).mul(cScale), l1);
            l1 = e1.fma(((FloatVector) c.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(cScale), l1);
            l1 = e2.fma(((FloatVector) c.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(cScale), l1);
            l1 = e3.fma(((FloatVector) c.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(cScale), l1);
            IntVector d = IntVector.fromArray(INTS, words, v + stride + LANES);
            FloatVector dScale = FloatVector.fromArray(FLOATS, scales, s + scaleStride + LANES);
            r1 = e0.fma(((FloatVector) d.lanewise(ASHR, 24).convert(I2F, 0)).mul(dScale), r1);
            r1 = e1.fma(((FloatVector) d.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(dScale), r1);
            r1 = e2.fma(((FloatVector) d.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(dScale), r1);
            r1 = e3.fma(((FloatVector) d.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(dScale), r1);
            IntVector e = IntVector.fromArray(INTS, words, v + 2 * stride);
            FloatVector eScale = FloatVector.fromArray(FLOATS, scales, s + 2 * scaleStride);
            l2 = e0.fma(((FloatVector) e.lanewise(ASHR, 24).convert(I2F, 0)).mul(eScale), l2);
            l2 = e1.fma(((FloatVector) e.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(eScale), l2);
            l2 = e2.fma(((FloatVector) e.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(eScale), l2);
            l2 = e3.fma(((FloatVector) e.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(eScale), l2);
            IntVector f = IntVector.fromArray(INTS, words, v + 2 * stride + LANES);
            FloatVector fScale = FloatVector.fromArray(FLOATS, scales, s + 2 * scaleStride + LANES);
            r2 = e0.fma(((FloatVector) f.lanewise(ASHR, 24).convert(I2F, 0)).mul(fScale), r2);
            r2 = e1.fma(((FloatVector) f.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(fScale), r2);
            r2 = e2.fma(((FloatVector) f.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(fScale), r2);
            r2 = e3.fma(((FloatVector) f.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(fScale), r2);
            IntVector g = IntVector.fromArray(INTS, words, v + 3 * stride);
            FloatVector gScale = FloatVector.fromArray(FLOATS, scales, s + 3 * scaleStride);
            l3 = e0.fma(((FloatVector) g.lanewise(ASHR, 24).convert(I2F, 0)).mul(gScale), l3);
            l3 = e1.fma(((FloatVector) g.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(gScale), l3);
            l3 = e2.fma(((FloatVector) g.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(gScale), l3);
            l3 = e3.fma(((FloatVector) g.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(gScale), l3);
            IntVector h = IntVector.fromArray(INTS, words, v + 3 * stride + LANES);
            FloatVector hScale = FloatVector.fromArray(FLOATS, scales, s + 3 * scaleStride + LANES);
            r3 = e0.fma(((FloatVector) h.lanewise(ASHR, 24).convert(I2F, 0)).mul(hScale), r3);
            r3 = e1.fma(((FloatVector) h.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0)).mul(hScale), r3);
            r3 = e2.fma(((FloatVector) h.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0)).mul(hScale), r3);
            r3 = e3.fma(((FloatVector) h.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0)).mul(hScale), r3);
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

    /** INT4, four of the eight codes of a word at a time. */
    void int4(float[] tile) {
        int[] words = row.words();
        float[] scales = row.scales();
        float[] x = row.x();
        int stride = row.w1() - row.w0();
        int scaleStride = row.s1() - row.s0();
        int depth = row.depth();
        int w0 = row.w0();
        int s = row.s0();
        int at = row.x0();
        int end = row.firstGroup();
        FloatVector l0 = FloatVector.zero(FLOATS), r0 = l0, l1 = l0, r1 = l0, l2 = l0, r2 = l0, l3 = l0, r3 = l0;
        for (int k = 0; k < depth; k += 4) {
            if (k == end) {
                s += STEP;
                end += row.group();
            }
            int half = 4 * (k & 4);
            int v = w0 + k / 8 * STEP;
            FloatVector e0 = FloatVector.broadcast(FLOATS, x[at]);
            FloatVector e1 = FloatVector.broadcast(FLOATS, x[at + 4]);
            FloatVector e2 = FloatVector.broadcast(FLOATS, x[at + 8]);
            FloatVector e3 = FloatVector.broadcast(FLOATS, x[at + 12]);
            IntVector a = IntVector.fromArray(INTS, words, v).lanewise(LSHL, half);
            FloatVector aScale = FloatVector.fromArray(FLOATS, scales, s);
            l0 = e0.fma(((FloatVector) a.lanewise(ASHR, 28).convert(I2F, 0)).mul(aScale), l0);
            l0 = e1.fma(((FloatVector) a.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(aScale), l0);
            l0 = e2.fma(((FloatVector) a.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(aScale), l0);
            l0 = e3.fma(((FloatVector) a.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(aScale), l0);
            IntVector b = IntVector.fromArray(INTS, words, v + LANES).lanewise(LSHL, half);
            FloatVector bScale = FloatVector.fromArray(FLOATS, scales, s + LANES);
            r0 = e0.fma(((FloatVector) b.lanewise(ASHR, 28).convert(I2F, 0)).mul(bScale), r0);
            r0 = e1.fma(((FloatVector) b.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(bScale), r0);
            r0 = e2.fma(((FloatVector) b.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(bScale), r0);
            r0 = e3.fma(((FloatVector) b.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(bScale), r0);
            IntVector c = IntVector.fromArray(INTS, words, v + stride).lanewise(LSHL, half);
            FloatVector cScale = FloatVector.fromArray(FLOATS, scales, s + scaleStride);
            l1 = e0.fma(((FloatVector) c.lanewise(ASHR, 28).convert(I2F, 0)).mul(cScale), l1);
            l1 = e1.fma(((FloatVector) c.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(cScale), l1);
            l1 = e2.fma(((FloatVector) c.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(cScale), l1);
            l1 = e3.fma(((FloatVector) c.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(cScale), l1);
            IntVector d = IntVector.fromArray(INTS, words, v + stride + LANES).lanewise(LSHL, half);
            FloatVector dScale = FloatVector.fromArray(FLOATS, scales, s + scaleStride + LANES);
            r1 = e0.fma(((FloatVector) d.lanewise(ASHR, 28).convert(I2F, 0)).mul(dScale), r1);
            r1 = e1.fma(((FloatVector) d.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(dScale), r1);
            r1 = e2.fma(((FloatVector) d.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(dScale), r1);
            r1 = e3.fma(((FloatVector) d.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(dScale), r1);
            IntVector e = IntVector.fromArray(INTS, words, v + 2 * stride).lanewise(LSHL, half);
            FloatVector eScale = FloatVector.fromArray(FLOATS, scales, s + 2 * scaleStride);
            l2 = e0.fma(((FloatVector) e.lanewise(ASHR, 28).convert(I2F, 0)).mul(eScale), l2);
            l2 = e1.fma(((FloatVector) e.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(eScale), l2);
            l2 = e2.fma(((FloatVector) e.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(eScale), l2);
            l2 = e3.fma(((FloatVector) e.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(eScale), l2);
            IntVector f =
                    IntVector.fromArray(INTS, words, v + 2 * stride + LANES).lanewise(LSHL, half);
            FloatVector fScale = FloatVector.fromArray(FLOATS, scales, s + 2 * scaleStride + LANES);
            r2 = e0.fma(((FloatVector) f.lanewise(ASHR, 28).convert(I2F, 0)).mul(fScale), r2);
            r2 = e1.fma(((FloatVector) f.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(fScale), r2);
            r2 = e2.fma(((FloatVector) f.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(fScale), r2);
            r2 = e3.fma(((FloatVector) f.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(fScale), r2);
            IntVector g = IntVector.fromArray(INTS, words, v + 3 * stride).lanewise(LSHL, half);
            FloatVector gScale = FloatVector.fromArray(FLOATS, scales, s + 3 * scaleStride);
            l3 = e0.fma(((FloatVector) g.lanewise(ASHR, 28).convert(I2F, 0)).mul(gScale), l3);
            l3 = e1.fma(((FloatVector) g.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(gScale), l3);
            l3 = e2.fma(((FloatVector) g.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(gScale), l3);
            l3 = e3.fma(((FloatVector) g.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(gScale), l3);
            IntVector h =
                    IntVector.fromArray(INTS, words, v + 3 * stride + LANES).lanewise(LSHL, half);
            FloatVector hScale = FloatVector.fromArray(FLOATS, scales, s + 3 * scaleStride + LANES);
            r3 = e0.fma(((FloatVector) h.lanewise(ASHR, 28).convert(I2F, 0)).mul(hScale), r3);
            r3 = e1.fma(((FloatVector) h.lanewise(LSHL, 4).lanewise(ASHR, 28).convert(I2F, 0)).mul(hScale), r3);
            r3 = e2.fma(((FloatVector) h.lanewise(LSHL, 8).lanewise(ASHR, 28).convert(I2F, 0)).mul(hScale), r3);
            r3 = e3.fma(((FloatVector) h.lanewise(LSHL, 12).lanewise(ASHR, 28).convert(I2F, 0)).mul(hScale), r3);
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
