package org.expertgrid.benchmarks.model;

import java.util.SplittableRandom;

/**
 * A tensor of random bfloat16 numbers, which depend on its name alone, so that each file is written without the others.
 *
 * @param name its name in the safetensors file
 * @param rows the outputs of a matrix; 1 for a norm
 * @param columns the inputs of a matrix; the width of a norm
 * @param isNorm whether it is the weight of a norm: numbers about 1 instead of about 0
 */
record RandomTensor(String name, int rows, int columns, boolean isNorm) {
    private static final long SEED = 20261128;
    private static final int VALUES = 1 << 16;
    private static final int VALUES_OF_DRAW = 4;

    static RandomTensor matrix(String name, int rows, int columns) {
        return new RandomTensor(name, rows, columns, false);
    }

    static RandomTensor norm(String name, int width) {
        return new RandomTensor(name, 1, width, true);
    }

    long elements() {
        return (long) rows * columns;
    }

    /** Returns a source of the tensor's rows, from the first one on. */
    Rows open() {
        return new Rows();
    }

    /** Gives one row after another. */
    final class Rows {
        private final SplittableRandom random = new SplittableRandom(SEED + name.hashCode());
        private final short[] values = isNorm ? Values.NORM : Values.MATRIX;

        /** Writes the codes of the next row. */
        void next(short[] codes) {
            for (int i = 0; i < columns; i += VALUES_OF_DRAW) {
                long draw = random.nextLong();
                for (int j = i; j < Math.min(columns, i + VALUES_OF_DRAW); j++, draw >>>= Short.SIZE) {
                    codes[j] = values[(int) draw & (VALUES - 1)];
                }
            }
        }
    }

    /** Tables of numbers to draw from: a draw is an index, which is faster than a draw from the distribution. */
    private static final class Values {
        private static final short[] MATRIX = draw(0, 0.02);
        private static final short[] NORM = draw(1, 0.05);

        private static short[] draw(double mean, double deviation) {
            SplittableRandom random = new SplittableRandom(SEED);
            short[] values = new short[VALUES];
            for (int i = 0; i < VALUES; i++) {
                values[i] = (short)
                        (Float.floatToIntBits((float) (mean + deviation * random.nextGaussian())) >>> Short.SIZE);
            }
            return values;
        }
    }

    /** Returns the number of a code. */
    static float widen(short code) {
        return Float.intBitsToFloat(code << Short.SIZE);
    }
}
