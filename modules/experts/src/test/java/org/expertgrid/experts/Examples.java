package org.expertgrid.experts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.ExpertShape;
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

    /** A router whose rows spread over all experts. */
    public static RouterWeights router(ElementType type, int inputs, int experts, SplittableRandom random) {
        LinearWeights drawn = linear(type, inputs, experts, random);
        return new RouterWeights(drawn.weight().toMatrix(), drawn.bias());
    }

    public static ExpertWeights expert(MoeShape shape, ElementType type, SplittableRandom random) {
        return expert(shape.expert(), type, random);
    }

    public static ExpertWeights expert(ExpertShape shape, ElementType type, SplittableRandom random) {
        List<LinearWeights> matrices = new ArrayList<>();
        for (ExpertMatrix matrix : shape.matrices()) {
            LinearWeights drawn = linear(type, matrix.inputs(), matrix.outputs(), random);
            matrices.add(shape.biases() ? drawn : new LinearWeights(drawn.weight(), null));
        }
        return new ExpertWeights(shape, matrices);
    }

    /** A model whose rows, unlike the seed's, spread over all of its experts. */
    public static MoeWeights weights(MoeShape shape, ElementType type, SplittableRandom random) {
        return weights(
                shape, RouterRule.seed(1).withSharedExperts(shape.shared().size()), type, random);
    }

    /** A model with a rule of its own, whose rows spread over all of its experts. */
    public static MoeWeights weights(MoeShape shape, RouterRule rule, ElementType type, SplittableRandom random) {
        return MoeWeights.of(
                rule,
                router(type, shape.inputDim(), shape.experts(), random),
                IntStream.range(0, shape.allExperts())
                        .mapToObj(e -> expert(shape.expert(e), type, random))
                        .toList());
    }

    /** Returns the same weights with another element type, rounded or widened. */
    public static MoeWeights to(ElementType type, MoeWeights weights) {
        RouterWeights router = weights.router();
        return MoeWeights.of(
                weights.rule(),
                new RouterWeights(router.weight().to(type), router.bias().to(type)),
                IntStream.range(0, weights.shape().allExperts())
                        .mapToObj(weights::expert)
                        .map(expert -> new ExpertWeights(
                                expert.shape(),
                                expert.matrices().stream()
                                        .map(matrix -> to(type, matrix))
                                        .toList()))
                        .toList());
    }

    private static LinearWeights to(ElementType type, LinearWeights weights) {
        return new LinearWeights(
                weights.weight().toMatrix().to(type),
                weights.hasBias() ? weights.bias().to(type) : null);
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

    /** The largest magnitude, which is what errors are measured by. */
    public static double scale(double... reference) {
        double scale = Double.MIN_NORMAL;
        for (double value : reference) {
            scale = Math.max(scale, Math.abs(value));
        }
        return scale;
    }
}
