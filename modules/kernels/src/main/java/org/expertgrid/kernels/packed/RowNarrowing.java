package org.expertgrid.kernels.packed;

import org.expertgrid.kernels.TileLayout;

/**
 * How a product with weights of W8A8 or W4A8 narrows its rows to 8 bits. Numbers of a row that meet one group of weights have one scale: their
 * largest magnitude / 127. A code is the nearest integer, the even one among equals.
 *
 * <pre>
 *   sum of a column = for each group: sum of (code of the row x code of the weight), an integer
 *                                     x (scale of the row x scale of the weight), added by a fused multiply-add in float32
 * </pre>
 *
 * The sum of a group is below 2^24, so that float32 holds it, and it does not depend on the order of its additions. Groups are added from
 * the first to the last.
 *
 * <p>Public only because rooms are apart.
 */
public final class RowNarrowing {
    private static final float LARGEST = 127.0f;

    /** A sum with it has no bits for a fraction: so a number is rounded to an integer. */
    public static final float ROUNDING = 0x1.8p23f;

    private static final int MAGNITUDE = 0x7FFF_FFFF;

    private RowNarrowing() {}

    /**
     * Narrows one row.
     *
     * @param x holds the row, from {@code at} on
     * @param layout says which inputs share a scale
     * @param codes takes the codes, which are integers, from {@code to} on
     * @param scales takes one scale for each group, from {@code firstScale} on
     */
    public static void narrow(
            float[] x, int at, TileLayout layout, float[] codes, int to, float[] scales, int firstScale) {
        for (int group = 0; group < layout.groups(); group++) {
            int first = layout.firstInput(group);
            scales[firstScale + group] =
                    narrowGroup(x, at + first, 1, layout.endOfGroup(group) - first, codes, to + first);
        }
    }

    /** Returns the numbers that the codes of a row, which begins at {@code at}, stand for. */
    public static float[] narrowedNumbers(float[] x, int at, TileLayout layout) {
        float[] numbers = new float[layout.inputs()];
        float[] scales = new float[layout.groups()];
        narrow(x, at, layout, numbers, 0, scales, 0);
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] *= scales[layout.group(k)];
        }
        return numbers;
    }

    /**
     * Returns the scale of numbers by the largest of their magnitudes: NaN if that is NaN or infinite, 0 if it is so small that 127 / it is beyond
     * float32.
     */
    public static float scale(float largest) {
        if (codesPerUnit(largest) > 0.0f) {
            return largest / LARGEST;
        }
        return largest < Float.POSITIVE_INFINITY ? 0.0f : Float.NaN;
    }

    /** Returns what numbers are multiplied by and then rounded to get their codes; 0 where there is no such number, so that all codes are 0. */
    public static float codesPerUnit(float largest) {
        float codesPerUnit = LARGEST / largest;
        return codesPerUnit < Float.POSITIVE_INFINITY ? codesPerUnit : 0.0f;
    }

    /** Narrows the numbers of one group, each {@code step} behind the one before, and returns their scale. Their codes lie as they do. */
    public static float narrowGroup(float[] x, int at, int step, int count, float[] codes, int to) {
        int bits = 0;
        for (int i = 0; i < count; i++) {
            bits = Math.max(bits, Float.floatToRawIntBits(x[at + i * step]) & MAGNITUDE);
        }
        float largest = Float.intBitsToFloat(bits);
        float codesPerUnit = codesPerUnit(largest);
        for (int i = 0; i < count; i++) {
            codes[to + i * step] = codesPerUnit > 0.0f ? x[at + i * step] * codesPerUnit + ROUNDING - ROUNDING : 0.0f;
        }
        return scale(largest);
    }
}
