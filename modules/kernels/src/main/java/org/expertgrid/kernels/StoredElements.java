package org.expertgrid.kernels;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * The elements and scales of a {@link WeightMatrix} as they are stored: elements (k, j) and scales (k / inputs of a group, j / outputs of a group) at
 * steps apart.
 */
record StoredElements(
        WeightFormat format,
        Buffer elements,
        int rowStep,
        int columnStep,
        float[] scales,
        int scaleRowStep,
        int scaleColumnStep) {
    /** How many elements are copied at once. */
    private static final int BLOCK = 1024;

    /** Copies the codes of {@code rows} elements of a column, the first of which is at {@code at}, to {@code codes} from {@code to} on. */
    void copyCodes(int at, int rows, int[] codes, int to) {
        switch (format) {
            case FLOAT64 -> throw new IllegalStateException("FLOAT64 has no codes of 32 bits (expected: copyDoubles)");
            case FLOAT32 -> {
                FloatBuffer floats = (FloatBuffer) elements;
                for (int k = 0; k < rows; k++) {
                    codes[to + k] = Float.floatToRawIntBits(floats.get(at + k * rowStep));
                }
            }
            case BF16, F16 -> copyShorts((ShortBuffer) elements, at, rows, codes, to);
            case FP8_E4M3, INT8, W8A8 -> copyBytes((ByteBuffer) elements, at, rows, codes, to);
            case MXFP4, INT4, W4A8 -> {
                ByteBuffer bytes = (ByteBuffer) elements;
                for (int k = 0; k < rows; k++) {
                    int index = at + k * rowStep;
                    codes[to + k] = bytes.get(index >> 1) >> 4 * (index & 1);
                }
            }
        }
    }

    /** Elements that lie side by side are copied in blocks: a check of the buffer for each would take longer than all else. */
    private void copyBytes(ByteBuffer bytes, int at, int rows, int[] codes, int to) {
        if (rowStep > 1) {
            for (int k = 0; k < rows; k++) {
                codes[to + k] = bytes.get(at + k * rowStep);
            }
            return;
        }
        byte[] block = new byte[Math.min(rows, BLOCK)];
        for (int from = 0; from < rows; from += BLOCK) {
            int count = Math.min(BLOCK, rows - from);
            bytes.get(at + from, block, 0, count);
            for (int k = 0; k < count; k++) {
                codes[to + from + k] = block[k];
            }
        }
    }

    /** As {@link #copyBytes}. */
    private void copyShorts(ShortBuffer shorts, int at, int rows, int[] codes, int to) {
        if (rowStep > 1) {
            for (int k = 0; k < rows; k++) {
                codes[to + k] = shorts.get(at + k * rowStep);
            }
            return;
        }
        short[] block = new short[Math.min(rows, BLOCK)];
        for (int from = 0; from < rows; from += BLOCK) {
            int count = Math.min(BLOCK, rows - from);
            shorts.get(at + from, block, 0, count);
            for (int k = 0; k < count; k++) {
                codes[to + from + k] = block[k];
            }
        }
    }

    /** Copies {@code rows} elements of a column of FLOAT64, the first of which is at {@code at}. */
    void copyDoubles(int at, int rows, double[] target) {
        DoubleBuffer doubles = (DoubleBuffer) elements;
        for (int k = 0; k < rows; k++) {
            target[k] = doubles.get(at + k * rowStep);
        }
    }
}
