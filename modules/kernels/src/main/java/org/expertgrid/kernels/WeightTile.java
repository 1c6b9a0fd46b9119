package org.expertgrid.kernels;

import java.util.Objects;

/**
 * Some panels of one packed weight, with the bias of their columns: what a map of a cluster holds, and what kernels compute
 * on. {@link TileLayout} says what lies where.
 *
 * <p>Immutable: the arrays are shared, not copied, and must not change any more. Safe for use by many threads.
 */
public final class WeightTile {
    private static final double[] NO_DOUBLES = {};
    private static final float[] NO_FLOATS = {};
    private static final int[] NO_WORDS = {};

    private final TileLayout layout;
    private final double[] doubles;
    private final double[] doubleBias;
    private final float[] floats;
    private final int[] words;
    private final float[] scales;
    private final float[] floatBias;
    /** Not known before it is asked for. Threads that ask at the same time find the same. */
    private Boolean allFinite;
    /** Not known before it is asked for, either. */
    private Boolean fewSubnormal;

    private WeightTile(
            TileLayout layout,
            double[] doubles,
            double[] doubleBias,
            float[] floats,
            int[] words,
            float[] scales,
            float[] floatBias) {
        this.layout = layout;
        this.doubles = doubles;
        this.doubleBias = doubleBias;
        this.floats = floats;
        this.words = words;
        this.scales = scales;
        this.floatBias = floatBias;
        WeightFormat format = layout.format();
        int length = layout.length();
        boolean wide = !format.narrow();
        length("doubles", doubles.length, format == WeightFormat.FLOAT64 ? length : 0);
        length("floats", floats.length, format == WeightFormat.FLOAT32 ? length : 0);
        length("words", words.length, wide ? 0 : length);
        length("scales", scales.length, layout.scales());
        int bias = Math.max(doubleBias.length, floatBias.length);
        if (bias > 0) {
            length("bias", bias, layout.paddedOutputs());
        }
    }

    private static void length(String name, int length, int expected) {
        Shapes.equal("length of " + name, length, "by the layout", expected);
    }

    /**
     * Returns a tile of FLOAT64.
     *
     * @param bias one for each column of all panels; of length 0 for none
     * @throws IllegalArgumentException if the layout asks for another format or other lengths
     */
    public static WeightTile ofDoubles(TileLayout layout, double[] doubles, double[] bias) {
        return new WeightTile(layout, doubles, bias, NO_FLOATS, NO_WORDS, NO_FLOATS, NO_FLOATS);
    }

    /**
     * Returns a tile of FLOAT32.
     *
     * @param bias one for each column of all panels; of length 0 for none
     * @throws IllegalArgumentException if the layout asks for another format or other lengths
     */
    public static WeightTile ofFloats(TileLayout layout, float[] floats, float[] bias) {
        return new WeightTile(layout, NO_DOUBLES, NO_DOUBLES, floats, NO_WORDS, NO_FLOATS, bias);
    }

    /**
     * Returns a tile of a format narrower than float32.
     *
     * @param scales of length 0 where the format has none
     * @param bias one for each column of all panels; of length 0 for none
     * @throws IllegalArgumentException if the layout asks for another format or other lengths
     */
    public static WeightTile ofWords(TileLayout layout, int[] words, float[] scales, float[] bias) {
        return new WeightTile(layout, NO_DOUBLES, NO_DOUBLES, NO_FLOATS, words, scales, bias);
    }

    /** Returns what lies where. */
    public TileLayout layout() {
        return layout;
    }

    /** Returns whether there is a bias. */
    public boolean hasBias() {
        return doubleBias.length + floatBias.length > 0;
    }

    /**
     * Returns whether no code of a tile of F16 or FP8_E4M3 is NaN or infinite. Reads all codes when it is called first.
     *
     * @throws UnsupportedOperationException if the tile has another format
     */
    public boolean allFinite() {
        if (allFinite == null) {
            allFinite = switch (layout.format()) {
                case F16 -> noneHasAll(0x7C00_7C00, 0x8000_8000);
                case FP8_E4M3 -> noneHasAll(0x7F7F_7F7F, 0x8080_8080);
                default -> throw noSmallFloats();
            };
        }
        return allFinite;
    }

    /**
     * Returns whether at most one code in 256 of a tile of F16 or FP8_E4M3 is subnormal, as in the weights of models. Reads all codes when it is
     * called first.
     *
     * @throws UnsupportedOperationException if the tile has another format
     */
    public boolean fewSubnormal() {
        if (fewSubnormal == null) {
            fewSubnormal = switch (layout.format()) {
                case F16 -> subnormal(0x7C00, 0x03FF) <= 2L * words.length / 256;
                case FP8_E4M3 -> subnormal(0x78, 0x07) <= 4L * words.length / 256;
                default -> throw noSmallFloats();
            };
        }
        return fewSubnormal;
    }

    private long subnormal(int exponent, int fraction) {
        int bits = layout.format().bits();
        long found = 0;
        for (int word : words) {
            for (int shift = 0; shift < Integer.SIZE; shift += bits) {
                int code = word >>> shift;
                found += (code & exponent) == 0 && (code & fraction) != 0 ? 1 : 0;
            }
        }
        return found;
    }

    private UnsupportedOperationException noSmallFloats() {
        return new UnsupportedOperationException(layout.format() + " (expected: one of F16, FP8_E4M3)");
    }

    /**
     * Returns whether no code has all bits of a mask, without a branch for each word.
     *
     * @param mask the same for each code of a word
     * @param above the highest bit of each code, which is above its bits in the mask
     */
    private boolean noneHasAll(int mask, int above) {
        int found = 0;
        for (int word : words) {
            // What is left of a code after that is 0 if it has all bits; only then its difference keeps the highest
            // bit.
            int missing = word & mask ^ mask;
            found |= above - missing;
        }
        return (found & above) == 0;
    }

    /** Returns the memory that the arrays take, in bytes. */
    public long bytes() {
        return (long) Double.BYTES * (doubles.length + doubleBias.length)
                + (long) Float.BYTES * (floats.length + words.length + scales.length + floatBias.length);
    }

    /** The numbers of FLOAT64, else none. Public only because rooms are apart: not to be written. */
    public double[] doubles() {
        return doubles;
    }

    /** The bias of FLOAT64, or none. Public only because rooms are apart: not to be written. */
    public double[] doubleBias() {
        return doubleBias;
    }

    /** The numbers of FLOAT32, else none. Public only because rooms are apart: not to be written. */
    public float[] floats() {
        return floats;
    }

    /** The words of narrower formats, else none. Public only because rooms are apart: not to be written. */
    public int[] words() {
        return words;
    }

    /** The scales of formats that have them, else none. Public only because rooms are apart: not to be written. */
    public float[] scales() {
        return scales;
    }

    /** The bias of all formats but FLOAT64, or none. Public only because rooms are apart: not to be written. */
    public float[] floatBias() {
        return floatBias;
    }

    @Override
    public String toString() {
        return "tile of " + Objects.toString(layout);
    }
}
