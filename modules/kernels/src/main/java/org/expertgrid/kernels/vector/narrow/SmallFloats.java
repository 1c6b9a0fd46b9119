package org.expertgrid.kernels.vector.narrow;

import org.expertgrid.kernels.WeightFormat;

/**
 * How a floating point number of few bits becomes a float32, in steps that are the same for all lanes of a vector. Of a code
 * in the highest bits of an int:
 *
 * <pre>
 *   magnitude   (code &amp; mask) &gt;&gt;&gt; shift              exponent and fraction, the exponent where float32 has it
 *   normal      magnitude + bias                     right where the exponent is not 0
 *   subnormal   2 normal - smallestNormal            right where the exponent is 0
 *   finite      the smaller one of both              the right one is never the larger one
 *   result      finite | infinite | sign             infinite: float32's largest exponent where magnitude &gt; largest
 * </pre>
 *
 * No subnormal float32 occurs on the way: these are slow on some processors.
 *
 * @param bits how many bits a code has
 * @param mask of exponent and fraction
 * @param shift by how many bits the magnitude is further right than the code
 * @param bias the difference of float32's bias of exponents and that of the code, in float32's place
 * @param largest the largest finite magnitude
 * @param smallestNormal the smallest number whose exponent is not 0
 */
record SmallFloats(int bits, int mask, int shift, int bias, int largest, float smallestNormal) {
    private static final SmallFloats F16 = new SmallFloats(16, 0x7FFF_0000, 3, 112 << 23, (0x1F << 23) - 1, 0x1p-14f);
    private static final SmallFloats FP8_E4M3 =
            new SmallFloats(8, 0x7F00_0000, 4, 120 << 23, (0x7F << 20) - 1, 0x1p-6f);
    private static final SmallFloats MXFP4 = new SmallFloats(4, 0x7000_0000, 6, 126 << 23, Integer.MAX_VALUE, 1.0f);

    static SmallFloats of(WeightFormat format) {
        return switch (format) {
            case F16 -> F16;
            case FP8_E4M3 -> FP8_E4M3;
            case MXFP4 -> MXFP4;
            default ->
                throw new IllegalArgumentException("format: " + format + " (expected: one of F16, FP8_E4M3, MXFP4)");
        };
    }
}
