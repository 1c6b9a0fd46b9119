package org.expertgrid.kernels.vector.narrow;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightTile;
import org.expertgrid.kernels.vector.wide.FloatTiles;

/**
 * Widens packed words of narrow formats to float32, a vector of columns at a time, to the numbers that
 * {@link org.expertgrid.kernels.WeightFormat#widen} and the scale give.
 */
final class Widening {
    static final VectorSpecies<Integer> INTS = FloatTiles.SPECIES.withLanes(int.class);

    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;
    private static final int LANES = FloatTiles.LANES;
    /** How far behind a row of a panel the next begins. */
    private static final int STEP = TileLayout.PANEL_BYTES / Float.BYTES;

    private static final int FEATURE_WITH_SELECT = 21;
    private static final int FEATURE_WITH_UNCHECKED_SELECT = 24;
    private static final int SIGN = 0x8000_0000;
    private static final int EXPONENT = 0x7F80_0000;

    /** Whether a vector can be a table of the values of all 16 codes of four bits, and the compiler looks them up in one instruction. */
    static final boolean TABLE = LANES == 16 && Runtime.version().feature() >= FEATURE_WITH_SELECT;

    /** Whether a vector can be a table of the values of eight codes, and the compiler does not check the indices. */
    static final boolean TABLE_OF_MAGNITUDES =
            LANES == 8 && Runtime.version().feature() >= FEATURE_WITH_UNCHECKED_SELECT;

    /** The values of the codes that are not negative are the first half of the 16. */
    static final IntVector MXFP4_MAGNITUDES = TABLE_OF_MAGNITUDES ? values(WeightFormat.MXFP4) : null;

    static final IntVector MXFP4_VALUES = TABLE ? values(WeightFormat.MXFP4) : null;
    static final IntVector INT4_VALUES = TABLE ? values(WeightFormat.INT4) : null;

    private Widening() {}

    /** Returns the scales of a tile; ones, as many as a panel has columns, where it has none. */
    static float[] scales(WeightTile tile) {
        if (tile.layout().format().scaled()) {
            return tile.scales();
        }
        float[] ones = new float[STEP];
        Arrays.fill(ones, 1.0f);
        return ones;
    }

    private static IntVector values(WeightFormat format) {
        int[] bits = new int[LANES];
        for (int code = 0; code < bits.length; code++) {
            bits[code] = Float.floatToRawIntBits(format.widen(code));
        }
        return IntVector.fromArray(INTS, bits, 0);
    }

    /**
     * Widens inputs {@code from} to {@code to} of a panel into rows of the target from {@code at} on; the rows behind them, as many as a
     * word has codes, may be written, too. The scales of W8A8 and W4A8 are left out: they belong to sums.
     *
     * @param from the first input of a word
     */
    static void widen(WeightTile tile, int panel, int from, int to, float[] target, int at) {
        TileLayout layout = tile.layout();
        int size = layout.format().scaledInputs();
        for (int k = from, end; k < to; k = end) {
            int group = layout.group(k);
            boolean first = k == layout.firstInput(group) && layout.endOfGroup(group) - k == size;
            boolean several = layout.format().scaled() && !layout.format().narrowsRows() && first;
            int groups = several ? Math.max(1, (to - k) / size) : 1;
            end = Math.min(to, layout.endOfGroup(group + groups - 1));
            int wordsOfGroup = ((groups > 1 ? size : end - k) + layout.codesOfWord() - 1) / layout.codesOfWord();
            int word = layout.start(panel) + layout.wordRow(k) * STEP;
            int scale = layout.format().scaled() ? layout.startOfScales(panel) + group * STEP : 0;
            int t = at + (k - from) * STEP;
            for (int column = 0; column < STEP; column += LANES) {
                widen(tile, word + column, groups, wordsOfGroup, scale + column, target, t + column);
            }
        }
    }

    private static void widen(
            WeightTile tile, int word, int groups, int wordsOfGroup, int scale, float[] target, int t) {
        int[] words = tile.words();
        float[] scales = scales(tile);
        WeightFormat format = tile.layout().format();
        switch (format) {
            case BF16 -> bf16(words, word, wordsOfGroup, target, t);
            case INT8, INT4 -> integers(format.bits(), words, word, groups, wordsOfGroup, scales, scale, target, t);
            case W8A8, W4A8 -> codes(format.bits(), words, word, wordsOfGroup, target, t);
            default -> {
                if (format == WeightFormat.MXFP4 && TABLE) {
                    table(MXFP4_VALUES, words, word, groups, wordsOfGroup, scales, scale, target, t);
                } else {
                    smallFloats(SmallFloats.of(format), words, word, groups, wordsOfGroup, scales, scale, target, t);
                }
            }
        }
    }

    private static void bf16(int[] words, int word, int count, float[] target, int t) {
        for (int i = 0; i < count; i++) {
            IntVector pair = IntVector.fromArray(INTS, words, word + i * STEP);
            pair.and(0xFFFF_0000).reinterpretAsFloats().intoArray(target, t + 2 * i * STEP);
            pair.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(target, t + (2 * i + 1) * STEP);
        }
    }

    /** F16, FP8_E4M3 and, where there is no table of them, MXFP4; {@link SmallFloats} names the steps. */
    private static void smallFloats(
            SmallFloats small,
            int[] words,
            int word,
            int groups,
            int wordsOfGroup,
            float[] scales,
            int scale,
            float[] target,
            int t) {
        IntVector largest = IntVector.broadcast(INTS, small.largest());
        int to = t;
        for (int group = 0; group < groups; group++) {
            FloatVector factor = FloatVector.fromArray(FLOATS, scales, scale + group * STEP);
            for (int i = 0; i < wordsOfGroup; i++) {
                IntVector packed = IntVector.fromArray(INTS, words, word + (group * wordsOfGroup + i) * STEP);
                for (int shift = 0; shift < Integer.SIZE; shift += small.bits()) {
                    IntVector codes = packed.lanewise(LSHL, shift);
                    IntVector magnitude = codes.and(small.mask()).lanewise(LSHR, small.shift());
                    IntVector normal = magnitude.add(small.bias());
                    FloatVector n = normal.reinterpretAsFloats();
                    IntVector subnormal = n.add(n).sub(small.smallestNormal()).reinterpretAsInts();
                    IntVector infinite =
                            largest.sub(magnitude).lanewise(ASHR, 31).and(EXPONENT);
                    IntVector value = normal.min(subnormal).or(infinite).or(codes.and(SIGN));
                    value.reinterpretAsFloats().mul(factor).intoArray(target, to);
                    to += STEP;
                }
            }
        }
    }

    /** INT8 and INT4. */
    private static void integers(
            int bits,
            int[] words,
            int word,
            int groups,
            int wordsOfGroup,
            float[] scales,
            int scale,
            float[] target,
            int t) {
        int above = Integer.SIZE - bits;
        int to = t;
        for (int group = 0; group < groups; group++) {
            FloatVector factor = FloatVector.fromArray(FLOATS, scales, scale + group * STEP);
            for (int i = 0; i < wordsOfGroup; i++) {
                IntVector packed = IntVector.fromArray(INTS, words, word + (group * wordsOfGroup + i) * STEP);
                for (int shift = 0; shift < Integer.SIZE; shift += bits) {
                    IntVector codes = packed.lanewise(LSHL, shift);
                    FloatVector value =
                            (FloatVector) codes.lanewise(ASHR, above).convert(I2F, 0);
                    value.mul(factor).intoArray(target, to);
                    to += STEP;
                }
            }
        }
    }

    /** W8A8 and W4A8. */
    private static void codes(int bits, int[] words, int word, int count, float[] target, int t) {
        int above = Integer.SIZE - bits;
        int to = t;
        for (int i = 0; i < count; i++) {
            IntVector packed = IntVector.fromArray(INTS, words, word + i * STEP);
            for (int shift = 0; shift < Integer.SIZE; shift += bits) {
                IntVector codes = packed.lanewise(LSHL, shift).lanewise(ASHR, above);
                ((FloatVector) codes.convert(I2F, 0)).intoArray(target, to);
                to += STEP;
            }
        }
    }

    /** MXFP4, whose values are looked up. */
    private static void table(
            IntVector values,
            int[] words,
            int word,
            int groups,
            int wordsOfGroup,
            float[] scales,
            int scale,
            float[] target,
            int t) {
        int to = t;
        for (int group = 0; group < groups; group++) {
            FloatVector factor = FloatVector.fromArray(FLOATS, scales, scale + group * STEP);
            for (int i = 0; i < wordsOfGroup; i++) {
                IntVector packed = IntVector.fromArray(INTS, words, word + (group * wordsOfGroup + i) * STEP);
                for (int shift = 0; shift < Integer.SIZE; shift += 4) {
                    IntVector codes = packed.lanewise(LSHL, shift);
                    FloatVector value =
                            codes.lanewise(LSHR, 28).selectFrom(values).reinterpretAsFloats();
                    value.mul(factor).intoArray(target, to);
                    to += STEP;
                }
            }
        }
    }
}
