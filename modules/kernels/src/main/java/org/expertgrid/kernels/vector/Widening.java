package org.expertgrid.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightTile;

/**
 * Widens packed words of narrow formats to float32, a vector of columns at a time, to the numbers that
 * {@link org.expertgrid.kernels.WeightFormat#widen} and the scale give.
 *
 * <p>F16, FP8_E4M3 and MXFP4 are small floating point numbers with exponent and fraction of other widths, and subnormal ones among
 * them. With the exponent made larger by the difference of the two biases, {@code n} is right for normal numbers; {@code 2 n - m},
 * where {@code m} is the smallest normal number, is right for subnormal ones. The right one is always the smaller one. No subnormal
 * float32 occurs on the way: these are slow on some processors.
 */
final class Widening {
    static final VectorSpecies<Integer> INTS = FloatTiles.SPECIES.withLanes(int.class);

    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = VectorKernels.PANEL_BYTES / Float.BYTES;

    private static final int FEATURE_WITH_SELECT = 21;
    private static final int SIGN = 0x8000_0000;
    private static final int NAN = 0x7FC0_0000;

    /** Whether a vector can be a table of all 16 values of MXFP4, and the compiler looks them up in one instruction. */
    private static final boolean TABLE = LANES == 16 && Runtime.version().feature() >= FEATURE_WITH_SELECT;

    private static final IntVector MXFP4_VALUES = TABLE ? mxfp4Values() : null;

    private Widening() {}

    private static IntVector mxfp4Values() {
        int[] bits = new int[LANES];
        for (int code = 0; code < bits.length; code++) {
            bits[code] = Float.floatToRawIntBits(WeightFormat.MXFP4.widen(code));
        }
        return IntVector.fromArray(INTS, bits, 0);
    }

    /**
     * Widens inputs {@code from} to {@code to} of a panel into rows of the target from {@code at} on; the rows behind them, as many as a
     * word has codes, may be written, too.
     *
     * @param from the first input of a word
     */
    static void widen(WeightTile tile, int panel, int from, int to, float[] target, int at) {
        TileLayout layout = tile.layout();
        int size = layout.format().scaledInputs();
        for (int k = from, end; k < to; k = end) {
            int group = layout.group(k);
            boolean first = k == layout.firstInput(group) && layout.endOfGroup(group) - k == size;
            int groups = layout.format().scaled() && first ? Math.max(1, (to - k) / size) : 1;
            end = Math.min(to, layout.endOfGroup(group + groups - 1));
            int wordsOfGroup = ((groups > 1 ? size : end - k) + layout.codesOfWord() - 1) / layout.codesOfWord();
            int word = layout.start(panel) + layout.wordRow(k) * STEP;
            int scale = layout.startOfScales(panel) + group * STEP;
            int t = at + (k - from) * STEP;
            for (int column = 0; column < STEP; column += LANES) {
                widen(tile, word + column, groups, wordsOfGroup, scale + column, target, t + column);
            }
        }
    }

    private static void widen(
            WeightTile tile, int word, int groups, int wordsOfGroup, int scale, float[] target, int t) {
        int[] words = tile.words();
        float[] scales = tile.scales();
        switch (tile.layout().format()) {
            case BF16 -> bf16(words, word, wordsOfGroup, target, t);
            case F16 -> f16(words, word, wordsOfGroup, target, t);
            case FP8_E4M3 -> fp8(words, word, groups, wordsOfGroup, scales, scale, target, t);
            case MXFP4 -> mxfp4(words, word, groups, wordsOfGroup, scales, scale, target, t);
            case INT8 -> int8(words, word, groups, wordsOfGroup, scales, scale, target, t);
            case INT4 -> int4(words, word, groups, wordsOfGroup, scales, scale, target, t);
            case FLOAT64, FLOAT32 ->
                throw new IllegalArgumentException("format: " + tile.layout().format() + " (expected: a narrow one)");
        }
    }

    private static void bf16(int[] words, int word, int count, float[] target, int t) {
        for (int i = 0; i < count; i++) {
            IntVector pair = IntVector.fromArray(INTS, words, word + i * STEP);
            pair.and(0xFFFF_0000).reinterpretAsFloats().intoArray(target, t + 2 * i * STEP);
            pair.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(target, t + (2 * i + 1) * STEP);
        }
    }

    private static void f16(int[] words, int word, int count, float[] target, int t) {
        for (int i = 0; i < count; i++) {
            IntVector pair = IntVector.fromArray(INTS, words, word + i * STEP);
            f16(pair).intoArray(target, t + 2 * i * STEP);
            f16(pair.lanewise(LSHL, 16)).intoArray(target, t + (2 * i + 1) * STEP);
        }
    }

    private static void fp8(
            int[] words, int word, int groups, int wordsOfGroup, float[] scales, int scale, float[] target, int t) {
        int to = t;
        for (int group = 0; group < groups; group++) {
            FloatVector factor = FloatVector.fromArray(FLOATS, scales, scale + group * STEP);
            for (int i = 0; i < wordsOfGroup; i++) {
                IntVector codes = IntVector.fromArray(INTS, words, word + (group * wordsOfGroup + i) * STEP);
                for (int end = to + 4 * STEP; to < end; to += STEP) {
                    fp8(codes).mul(factor).intoArray(target, to);
                    codes = codes.lanewise(LSHL, 8);
                }
            }
        }
    }

    private static void mxfp4(
            int[] words, int word, int groups, int wordsOfGroup, float[] scales, int scale, float[] target, int t) {
        int to = t;
        for (int group = 0; group < groups; group++) {
            FloatVector factor = FloatVector.fromArray(FLOATS, scales, scale + group * STEP);
            for (int i = 0; i < wordsOfGroup; i++) {
                IntVector codes = IntVector.fromArray(INTS, words, word + (group * wordsOfGroup + i) * STEP);
                for (int end = to + 8 * STEP; to < end; to += STEP) {
                    mxfp4(codes).mul(factor).intoArray(target, to);
                    codes = codes.lanewise(LSHL, 4);
                }
            }
        }
    }

    private static void int8(
            int[] words, int word, int groups, int wordsOfGroup, float[] scales, int scale, float[] target, int t) {
        int to = t;
        for (int group = 0; group < groups; group++) {
            FloatVector factor = FloatVector.fromArray(FLOATS, scales, scale + group * STEP);
            for (int i = 0; i < wordsOfGroup; i++) {
                IntVector codes = IntVector.fromArray(INTS, words, word + (group * wordsOfGroup + i) * STEP);
                for (int end = to + 4 * STEP; to < end; to += STEP) {
                    ((FloatVector) codes.lanewise(ASHR, 24).convert(I2F, 0))
                            .mul(factor)
                            .intoArray(target, to);
                    codes = codes.lanewise(LSHL, 8);
                }
            }
        }
    }

    private static void int4(
            int[] words, int word, int groups, int wordsOfGroup, float[] scales, int scale, float[] target, int t) {
        int to = t;
        for (int group = 0; group < groups; group++) {
            FloatVector factor = FloatVector.fromArray(FLOATS, scales, scale + group * STEP);
            for (int i = 0; i < wordsOfGroup; i++) {
                IntVector codes = IntVector.fromArray(INTS, words, word + (group * wordsOfGroup + i) * STEP);
                for (int end = to + 8 * STEP; to < end; to += STEP) {
                    ((FloatVector) codes.lanewise(ASHR, 28).convert(I2F, 0))
                            .mul(factor)
                            .intoArray(target, to);
                    codes = codes.lanewise(LSHL, 4);
                }
            }
        }
    }

    /** Widens the code in the upper 16 bits of each lane. */
    static FloatVector f16(IntVector code) {
        IntVector magnitude = code.and(0x7FFF_0000).lanewise(LSHR, 3);
        VectorMask<Integer> notFinite = magnitude.compare(GE, 0x1F << 23);
        IntVector widened = small(magnitude, 112, 0x1p-14f).blend(magnitude.add(224 << 23), notFinite);
        return widened.or(code.and(SIGN)).reinterpretAsFloats();
    }

    /** Widens the code in the upper 8 bits of each lane. */
    static FloatVector fp8(IntVector code) {
        IntVector magnitude = code.and(0x7F00_0000).lanewise(LSHR, 4);
        VectorMask<Integer> notANumber = magnitude.compare(EQ, 0x7F << 20);
        IntVector widened = small(magnitude, 120, 0x1p-6f).blend(NAN, notANumber);
        return widened.or(code.and(SIGN)).reinterpretAsFloats();
    }

    /** Widens the code in the upper 4 bits of each lane. */
    static FloatVector mxfp4(IntVector code) {
        if (TABLE) {
            return code.lanewise(LSHR, 28).selectFrom(MXFP4_VALUES).reinterpretAsFloats();
        }
        IntVector magnitude = code.and(0x7000_0000).lanewise(LSHR, 6);
        return small(magnitude, 126, 1.0f).or(code.and(SIGN)).reinterpretAsFloats();
    }

    /** Widens a magnitude whose exponent ends where that of a float32 ends, as the class comment says. */
    private static IntVector small(IntVector magnitude, int differenceOfBiases, float smallestNormal) {
        IntVector normal = magnitude.add(differenceOfBiases << 23);
        FloatVector n = normal.reinterpretAsFloats();
        return normal.min(n.add(n).sub(smallestNormal).reinterpretAsInts());
    }
}
