package org.expertgrid.kernels;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.util.List;

/**
 * A weight in fewer bits than it came in, and what that cost.
 *
 * @param weight the narrowed weight
 * @param squaredError the sum of the squares of all differences to the weight before
 * @param squaredSize the sum of the squares of the weight before
 */
public record Narrowing(WeightMatrix weight, double squaredError, double squaredSize) {
    /** The formats that the weights of a model can be kept as. */
    public static final List<WeightFormat> KEPT_AS = List.of(
            WeightFormat.FLOAT32,
            WeightFormat.BF16,
            WeightFormat.INT8,
            WeightFormat.INT4,
            WeightFormat.W8A8,
            WeightFormat.W4A8);

    private static final int FRACTION_OF_BF16 = 16;

    /**
     * Narrows a weight to BF16, INT8, INT4, W8A8 or W4A8.
     *
     * <p>BF16 is the nearest, the even one among equals. The other formats have a scale for each 32 inputs of an output: the largest
     * magnitude among them, divided by 127 or 7; a code is the nearest integer. Groups begin at the weight's first row, so a weight
     * is narrowed before it is cut.
     *
     * @throws IllegalArgumentException if {@code format} is none of the five, or one with scales is to hold a number that is not finite
     */
    public static Narrowing of(WeightMatrix weight, WeightFormat format) {
        return switch (format) {
            case BF16 -> bf16(weight);
            case INT8, W8A8 -> integers(weight, format, 127);
            case INT4, W4A8 -> integers(weight, format, 7);
            default ->
                throw new IllegalArgumentException(
                        "format: " + format + " (expected: one of BF16, INT8, INT4, W8A8, W4A8)");
        };
    }

    /** Returns the error relative to the weight, both as root of the mean square; 0 for a weight of zeros. */
    public double relativeError() {
        return relativeError(squaredError, squaredSize);
    }

    /** Returns the relative error of several weights together, whose squares have been added. */
    public static double relativeError(double squaredError, double squaredSize) {
        return squaredError == 0.0 ? 0.0 : Math.sqrt(squaredError / squaredSize);
    }

    /** Returns the relative error of numbers after something has changed them. */
    public static double relativeError(double[] before, double[] after) {
        double error = 0.0;
        double size = 0.0;
        for (int i = 0; i < before.length; i++) {
            error += (before[i] - after[i]) * (before[i] - after[i]);
            size += before[i] * before[i];
        }
        return relativeError(error, size);
    }

    /** The sums of the squares of the differences and of the numbers before. */
    private static final class Squares {
        private double error;
        private double size;

        void add(float before, float after) {
            double difference = (double) before - after;
            error += difference * difference;
            size += (double) before * before;
        }

        Narrowing of(WeightMatrix narrow) {
            return new Narrowing(narrow, error, size);
        }
    }

    private static Narrowing bf16(WeightMatrix weight) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(Short.BYTES, Shapes.elements(weight.rows(), weight.columns())));
        ShortBuffer codes = bytes.asShortBuffer();
        float[] column = new float[weight.rows()];
        Squares squares = new Squares();
        for (int j = 0; j < weight.columns(); j++) {
            weight.copyNumbers(j, column);
            for (float value : column) {
                short code = nearestBf16(value);
                codes.put(code);
                squares.add(value, Float.intBitsToFloat(code << FRACTION_OF_BF16));
            }
        }
        return squares.of(WeightMatrix.of(
                WeightFormat.BF16, WeightMatrix.Order.OUTPUT_MAJOR, weight.rows(), weight.columns(), bytes));
    }

    private static short nearestBf16(float value) {
        int bits = Float.floatToIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> FRACTION_OF_BF16);
        }
        int halfOrOneLess = 0x7FFF + (bits >>> FRACTION_OF_BF16 & 1);
        return (short) (bits + halfOrOneLess >>> FRACTION_OF_BF16);
    }

    private static Narrowing integers(WeightMatrix weight, WeightFormat format, int largest) {
        int rows = weight.rows();
        int step = rows + rows % 2;
        int groups = (rows + format.scaledInputs() - 1) / format.scaledInputs();
        byte[] codes = new byte[Shapes.elements(step, weight.columns()) * format.bits() / Byte.SIZE];
        float[] scales = new float[groups * weight.columns()];
        float[] column = new float[rows];
        Squares squares = new Squares();
        for (int j = 0; j < weight.columns(); j++) {
            weight.copyNumbers(j, column);
            for (int group = 0; group < groups; group++) {
                int from = group * format.scaledInputs();
                int to = Math.min(rows, from + format.scaledInputs());
                float scale = largestMagnitude(column, from, to) / largest;
                scales[j * groups + group] = scale;
                for (int k = from; k < to; k++) {
                    int code = scale == 0.0f ? 0 : Math.max(-largest, Math.min(largest, rounded(column[k] / scale)));
                    put(codes, format, j * step + k, code);
                    squares.add(column[k], code * scale);
                }
            }
        }
        return squares.of(WeightMatrix.grouped(format, rows, weight.columns(), ByteBuffer.wrap(codes), step, scales));
    }

    /** As {@link Math#round(float)}, which takes several times as long, for numbers above -128; below them it is too large by one at the most. */
    private static int rounded(float number) {
        return (int) (number + 128.5) - 128;
    }

    private static void put(byte[] codes, WeightFormat format, int index, int code) {
        if (format.bits() == Byte.SIZE) {
            codes[index] = (byte) code;
        } else {
            codes[index >> 1] |= (byte) ((code & 0xF) << 4 * (index & 1));
        }
    }

    private static float largestMagnitude(float[] column, int from, int to) {
        float largest = 0.0f;
        for (int k = from; k < to; k++) {
            largest = Math.max(largest, Math.abs(column[k]));
        }
        if (!Float.isFinite(largest)) {
            throw new IllegalArgumentException(
                    "weight: NaN or infinity among rows " + from + " to " + to + " (expected: finite numbers)");
        }
        return largest;
    }
}
