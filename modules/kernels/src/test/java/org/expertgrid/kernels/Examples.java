package org.expertgrid.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What the tests of the kernels share: the kernels of this process, random matrices, and the plain triple loop. */
public final class Examples {
    static final int[] SIZES = {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257};

    private Examples() {}

    /** All kernels that this process can have. */
    public static List<Kernels> kernels() {
        List<Kernels> kernels = new ArrayList<>(List.of(Kernels.named("plain"), Kernels.named("ojalgo")));
        if (VectorObstacles.first().isEmpty()) {
            kernels.add(Kernels.named("vector"));
        }
        return kernels;
    }

    /** Normal numbers, all of them fit to be a float. */
    public static Matrix random(ElementType type, int rows, int columns, SplittableRandom random) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Matrix.wrap(rows, columns, values).to(type);
    }

    /** Every fifth number or so is a NaN, an infinity, a denormal, a zero, or so huge that its square is still a number. */
    static Matrix wild(ElementType type, int rows, int columns, SplittableRandom random) {
        double tiny = type == ElementType.FLOAT64 ? Double.MIN_VALUE : Float.MIN_VALUE;
        double huge = type == ElementType.FLOAT64 ? 1e150 : 1e18;
        double[] specials = {
            Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, tiny, -7 * tiny, 0.0, -0.0, huge, -huge
        };
        double[] values = random(type, rows, columns, random).toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            if (random.nextInt(5) == 0) {
                values[i] = specials[random.nextInt(specials.length)];
            }
        }
        return Matrix.wrap(rows, columns, values).to(type);
    }

    /** The product as a page of a textbook has it, in the element type of its factors. */
    static Matrix tripleLoop(Matrix x, Matrix weight, Matrix bias, Activation activation) {
        boolean single = x.elementType() == ElementType.FLOAT32;
        double[] y = new double[x.rows() * weight.columns()];
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < weight.columns(); j++) {
                double sum = 0.0;
                for (int k = 0; k < x.columns(); k++) {
                    double product = x.get(i, k) * weight.get(k, j);
                    sum = single ? (float) (sum + (float) product) : sum + product;
                }
                double z = single ? (float) (sum + bias.get(0, j)) : sum + bias.get(0, j);
                y[i * weight.columns() + j] = activation == Activation.RELU && z <= 0.0 ? 0.0 : z;
            }
        }
        return Matrix.wrap(x.rows(), weight.columns(), y).to(x.elementType());
    }

    /** The sums of the magnitudes of what {@link #tripleLoop} adds: what a rounding error is to be measured by. */
    static Matrix magnitudes(Matrix x, Matrix weight, Matrix bias) {
        return tripleLoop(absolute(x), absolute(weight), absolute(bias), Activation.IDENTITY);
    }

    private static Matrix absolute(Matrix matrix) {
        double[] values = matrix.toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return Matrix.wrap(matrix.rows(), matrix.columns(), values).to(matrix.elementType());
    }

    /** Some rows of {@code x}, packed by {@code kernels}. */
    static PackedRows gathered(Kernels kernels, Matrix x, int... selection) {
        PackedRows rows = kernels.rows(x.elementType());
        rows.reset(selection.length, x.columns());
        kernels.gather(x, selection, 0, selection.length, rows);
        return rows;
    }

    static int[] upTo(int count) {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    static Matrix bias(ElementType type, int columns, SplittableRandom random) {
        return random(type, 1, columns, random);
    }
}
