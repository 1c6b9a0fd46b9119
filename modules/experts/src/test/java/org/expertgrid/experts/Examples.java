package org.expertgrid.experts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.params.provider.Arguments;

/** What the tests of the layers share: kernels, random models and rows, and a comparison of bits. */
public final class Examples {
    private Examples() {}

    /** All kernels that this process can have. */
    public static List<Kernels> kernels() {
        List<Kernels> kernels = new ArrayList<>();
        for (String name : List.of("plain", "ojalgo", "vector")) {
            try {
                kernels.add(KernelsChoice.named(name));
            } catch (IllegalArgumentException notHere) {
                assertThat(name).isEqualTo("vector");
            }
        }
        return kernels;
    }

    /** Every kernel with every element type, for a test with these two parameters. */
    static Stream<Arguments> kernelsAndTypes() {
        return kernels().stream()
                .flatMap(kernels -> Stream.of(ElementType.values())
                        .map(type -> Arguments.argumentSet(kernels.name() + ", " + type, kernels, type)));
    }

    /** A source of random numbers that prints where it starts. */
    public static SplittableRandom random(long seed) {
        System.out.println("seed " + seed);
        return new SplittableRandom(seed);
    }

    /** Normal numbers. */
    public static Matrix rows(ElementType type, int rows, int columns, SplittableRandom random) {
        return scaled(type, rows, columns, 1.0, random);
    }

    static Matrix scaled(ElementType type, int rows, int columns, double factor, SplittableRandom random) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = factor * random.nextGaussian();
        }
        return Matrix.wrap(rows, columns, values).to(type);
    }

    public static Matrix full(ElementType type, int rows, int columns, double value) {
        double[] values = new double[rows * columns];
        Arrays.fill(values, value);
        return Matrix.wrap(rows, columns, values).to(type);
    }

    /** Weights of a size that lets every layer's output be about as large as its input. */
    public static LinearWeights linear(ElementType type, int inputs, int outputs, SplittableRandom random) {
        return new LinearWeights(
                scaled(type, inputs, outputs, 1 / Math.sqrt(inputs), random), scaled(type, 1, outputs, 0.1, random));
    }

    public static ExpertWeights expert(MoeShape shape, ElementType type, SplittableRandom random) {
        return new ExpertWeights(
                linear(type, shape.inputDim(), shape.hiddenDim(), random),
                linear(type, shape.hiddenDim(), shape.outputDim(), random));
    }

    /** A model whose rows, unlike the seed's, spread over all of its experts. */
    public static MoeWeights weights(MoeShape shape, ElementType type, SplittableRandom random) {
        return MoeWeights.of(
                linear(type, shape.inputDim(), shape.experts(), random),
                IntStream.range(0, shape.experts())
                        .mapToObj(e -> expert(shape, type, random))
                        .toList());
    }

    /** Returns the same weights with another element type, rounded or widened. */
    public static MoeWeights to(ElementType type, MoeWeights weights) {
        return MoeWeights.of(
                to(type, weights.router()),
                IntStream.range(0, weights.shape().experts())
                        .mapToObj(weights::expert)
                        .map(expert -> new ExpertWeights(to(type, expert.fc1()), to(type, expert.fc2())))
                        .toList());
    }

    private static LinearWeights to(ElementType type, LinearWeights weights) {
        return new LinearWeights(weights.weight().to(type), weights.bias().to(type));
    }

    /** The rows of all, from the first to the last. */
    public static Matrix concatenate(List<Matrix> parts) {
        ElementType type = parts.get(0).elementType();
        double[] all = parts.stream()
                .flatMapToDouble(part -> Arrays.stream(part.toDoubleArray()))
                .toArray();
        int columns = parts.get(0).columns();
        return Matrix.wrap(all.length / columns, columns, all).to(type);
    }

    /** Fails unless both have one shape, one type and, element by element, the same bits; all NaN count as one. */
    public static void assertSameBits(Matrix actual, Matrix expected, String what) {
        assertThat(actual).as(what).hasToString(expected.toString());
        if (actual.equals(expected)) {
            return;
        }
        for (int row = 0; row < actual.rows(); row++) {
            for (int column = 0; column < actual.columns(); column++) {
                assertThat(actual.get(row, column))
                        .as("%s: row %d, column %d", what, row, column)
                        .isEqualTo(expected.get(row, column));
            }
        }
        throw new AssertionError(what + ": equal numbers of different bits");
    }

    /** The larger of 1 and the largest magnitude, which is what errors are measured by. */
    public static double scale(double... reference) {
        double scale = 1;
        for (double value : reference) {
            scale = Math.max(scale, Math.abs(value));
        }
        return scale;
    }
}
