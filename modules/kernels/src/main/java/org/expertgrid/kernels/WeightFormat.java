package org.expertgrid.kernels;

/**
 * The format in which a weight is stored. It says how a stored code is widened to the number that is computed with; nothing else
 * knows that.
 *
 * <table>
 * <caption>The formats</caption>
 * <tr><th>format</th><th>bits a weight</th><th>computed in</th><th>one scale for</th></tr>
 * <tr><td>FLOAT64</td><td>64</td><td>float64</td><td>-</td></tr>
 * <tr><td>FLOAT32</td><td>32</td><td>float32</td><td>-</td></tr>
 * <tr><td>BF16, F16</td><td>16</td><td>float32</td><td>-</td></tr>
 * <tr><td>FP8_E4M3</td><td>8</td><td>float32</td><td>128 inputs x 128 outputs</td></tr>
 * <tr><td>MXFP4</td><td>4</td><td>float32</td><td>32 inputs of an output, a power of two</td></tr>
 * <tr><td>INT8, INT4</td><td>8, 4</td><td>float32</td><td>32 inputs of an output</td></tr>
 * <tr><td>W8A8, W4A8</td><td>8, 4</td><td>integers, float32</td><td>32 inputs of an output</td></tr>
 * </table>
 *
 * <p>A weight is its code, widened, times its scale, rounded to float32 once. BF16, F16 and MXFP4 lose nothing by that.
 * A product with a stored weight has the bits of the product with the widened one ({@link WeightMatrix#toMatrix}), but for the last two formats.
 *
 * <p>W8A8 and W4A8 are stored as INT8 and INT4 are, and {@linkplain #narrowsRows narrow the rows, too} that are multiplied with them, so that
 * the products of a group are added as integers. That is quicker and changes the numbers of each product.
 */
public enum WeightFormat {
    /** IEEE 754 double precision. */
    FLOAT64(1, 64, 1, 1),
    /** IEEE 754 single precision. */
    FLOAT32(2, 32, 1, 1),
    /** The upper half of a float32: 8 bits of exponent, 7 of fraction. */
    BF16(3, 16, 1, 1),
    /** IEEE 754 half precision: 5 bits of exponent, 10 of fraction. */
    F16(4, 16, 1, 1),
    /** 4 bits of exponent, 3 of fraction, no infinities (OCP 8-bit floating point specification, E4M3). */
    FP8_E4M3(5, 8, 128, 128),
    /** 2 bits of exponent, 1 of fraction (OCP microscaling formats specification, E2M1 with E8M0 scales). */
    MXFP4(6, 4, 32, 1),
    /** Integers from -127 to 127. */
    INT8(7, 8, 32, 1),
    /** Integers from -7 to 7. */
    INT4(8, 4, 32, 1),
    /** Weights as INT8 has them, times rows that are narrowed to 8 bits. */
    W8A8(9, 8, 32, 1),
    /** Weights as INT4 has them, times rows that are narrowed to 8 bits. */
    W4A8(10, 4, 32, 1);

    private static final float[] FP8_VALUES = fp8Values();
    private static final float[] MXFP4_VALUES = {
        0.0f, 0.5f, 1.0f, 1.5f, 2.0f, 3.0f, 4.0f, 6.0f, -0.0f, -0.5f, -1.0f, -1.5f, -2.0f, -3.0f, -4.0f, -6.0f
    };

    private final int code;
    private final int bits;
    private final int scaledInputs;
    private final int scaledOutputs;

    WeightFormat(int code, int bits, int scaledInputs, int scaledOutputs) {
        this.code = code;
        this.bits = bits;
        this.scaledInputs = scaledInputs;
        this.scaledOutputs = scaledOutputs;
    }

    /** Returns the number that stands for this format on the wire and on disk; it never changes. */
    public int code() {
        return code;
    }

    /**
     * Returns the format of that {@link #code()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static WeightFormat ofCode(int code) {
        for (WeightFormat format : values()) {
            if (format.code == code) {
                return format;
            }
        }
        throw new IllegalArgumentException("weight format: code " + code + " (expected: 1 to " + values().length + ")");
    }

    /** Returns the format that keeps every number of that type. */
    public static WeightFormat of(ElementType type) {
        return type == ElementType.FLOAT64 ? FLOAT64 : FLOAT32;
    }

    /** Returns how many bits one weight takes, without its share of a scale. */
    public int bits() {
        return bits;
    }

    /** Returns what products with weights of this format are computed in. */
    public ElementType computedIn() {
        return this == FLOAT64 ? ElementType.FLOAT64 : ElementType.FLOAT32;
    }

    /** Returns whether several codes share one scale. */
    public boolean scaled() {
        return scaledInputs > 1;
    }

    /** Returns how many inputs in a row share one scale; 1 where there are no scales. */
    public int scaledInputs() {
        return scaledInputs;
    }

    /** Returns how many outputs side by side share one scale; 1 where there are no scales. */
    public int scaledOutputs() {
        return scaledOutputs;
    }

    /**
     * Returns whether a product narrows its rows to 8 bits: numbers that meet one group of weights become integers from -127 to 127
     * times one scale.
     */
    public boolean narrowsRows() {
        return this == W8A8 || this == W4A8;
    }

    /** Returns whether codes are narrower than what is computed with, so that kernels widen them. */
    public boolean narrow() {
        return bits < Float.SIZE;
    }

    /** Returns the bits of a code that are all set if and only if it is NaN or infinite; only of formats without scales. */
    int exponentMask() {
        return switch (this) {
            case FLOAT32 -> 0x7F80_0000;
            case BF16 -> 0x7F80;
            case F16 -> 0x7C00;
            default -> throw new UnsupportedOperationException(this + " (expected: one of FLOAT32, BF16, F16)");
        };
    }

    /**
     * Returns the number that a code stands for, before its scale. Bits of {@code code} above {@link #bits()} do not
     * matter.
     *
     * @throws UnsupportedOperationException if this is FLOAT64, whose numbers have no code in an int
     */
    public float widen(int code) {
        return switch (this) {
            case FLOAT64 ->
                throw new UnsupportedOperationException("FLOAT64 has no codes of 32 bits (expected: doubles)");
            case FLOAT32 -> Float.intBitsToFloat(code);
            case BF16 -> Float.intBitsToFloat(code << 16);
            case F16 -> half(code);
            case FP8_E4M3 -> FP8_VALUES[code & 0xFF];
            case MXFP4 -> MXFP4_VALUES[code & 0xF];
            case INT8, W8A8 -> (byte) code;
            case INT4, W4A8 -> code << 28 >> 28;
        };
    }

    /**
     * Without a branch on the exponent, which is as good as random. With float32's bias of exponents {@code normal} is right where
     * the exponent is not 0, and twice that number less the smallest normal one is right where it is; the right one is never the
     * larger one.
     */
    private static float half(int code) {
        int magnitude = (code & 0x7FFF) << 13;
        int normal = magnitude + (112 << 23);
        float n = Float.intBitsToFloat(normal);
        int subnormal = Float.floatToRawIntBits(n + n - 0x1p-14f);
        int infinite = (0x1F << 23) - 1 - magnitude >> 31 & 0x7F80_0000;
        return Float.intBitsToFloat(Math.min(normal, subnormal) | infinite | (code & 0x8000) << 16);
    }

    private static float[] fp8Values() {
        float[] values = new float[256];
        for (int code = 0; code < values.length; code++) {
            int exponent = code >> 3 & 0xF;
            int fraction = code & 7;
            float magnitude =
                    exponent == 0 ? fraction * 0x1p-9f : Float.intBitsToFloat(exponent + 120 << 23 | fraction << 20);
            magnitude = (code & 0x7F) == 0x7F ? Float.NaN : magnitude;
            values[code] = (code & 0x80) == 0 ? magnitude : -magnitude;
        }
        return values;
    }
}
