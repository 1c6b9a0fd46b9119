package org.expertgrid.experts.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SplittableRandom;
import org.expertgrid.experts.Examples;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Linear}, {@link Expert} and {@link SimpleMoe}: what every layer promises, and their sums by hand. */
class LayerTest {
    private static final LinearWeights BY_HAND =
            new LinearWeights(Matrix.of(2, 3, 1.0, 0, -1, 2, 1, 1), Matrix.of(1, 3, 0.5, 0, -4));

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void aLinearLayerMultipliesAndAddsItsBias(Kernels kernels, ElementType type) {
        LinearWeights weights = new LinearWeights(
                BY_HAND.weight().toMatrix().to(type), BY_HAND.bias().to(type));
        Matrix y = new Linear(weights, kernels)
                .forward(Matrix.of(2, 2, 1.0, 2, -3, 0).to(type));
        assertThat(y).isEqualTo(Matrix.of(2, 3, 5.5, 2, -3, -2.5, 0, -1).to(type));
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void anExpertHasAReluBetweenItsLayers(Kernels kernels, ElementType type) {
        LinearWeights fc2 = new LinearWeights(Matrix.of(3, 1, 1.0, 10, 100), Matrix.of(1, 1, 1000.0));
        MoeWeights weights = Examples.to(
                type,
                MoeWeights.of(new RouterWeights(Matrix.of(2, 1, 0.0, 0)), List.of(new ExpertWeights(BY_HAND, fc2))));
        Matrix x = Matrix.of(2, 2, 1.0, 2, -3, 0).to(type);
        Matrix expected = Matrix.of(2, 1, 1025.5, 1000).to(type);
        assertThat(Expert.of(weights.expert(0), kernels).forward(x)).isEqualTo(expected);
        assertThat(new SimpleMoe(weights, 1, kernels).forward(x)).isEqualTo(expected);
        assertThat(new BatchedMoe(weights, 1, kernels, ThreadTeam.ofCaller()).forward(x))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void noRowsGiveNoneOfTheRightWidthAndWrongOnesAreRefused(Kernels kernels, ElementType type) {
        SplittableRandom random = Examples.random(31);
        MoeShape shape = new MoeShape(4, 6, 5, 3);
        MoeWeights weights = Examples.weights(shape, type, random);
        ElementType other = type == ElementType.FLOAT64 ? ElementType.FLOAT32 : ElementType.FLOAT64;
        for (Layer layer : new Layer[] {
            new Linear(Examples.linear(type, 4, 5, random), kernels),
            Expert.of(weights.expert(0), kernels),
            new SimpleMoe(weights, 2, kernels),
            new BatchedMoe(weights, 2, kernels, ThreadTeam.ofCaller())
        }) {
            String name = layer.getClass().getSimpleName();
            assertThat(layer.forward(Matrix.zeros(type, 0, 4))).as(name).isEqualTo(Matrix.zeros(type, 0, 5));
            assertThatIllegalArgumentException()
                    .as(name)
                    .isThrownBy(() -> layer.forward(Matrix.zeros(other, 2, 3)))
                    .withMessage("x.columns: 3 (expected: the layer's input width 4); x.elementType: " + other
                            + " (expected: " + type + ", see Matrix.to)");
            assertThatIllegalArgumentException().as(name).isThrownBy(() -> layer.forward(Matrix.zeros(type, 0, 5)));
            assertThat(layer.forward(Matrix.zeros(type, 1, 4)).columns())
                    .as(name)
                    .isEqualTo(5);
        }
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void nanAndInfinityComeOutOfTheirOwnRowsOnly(Kernels kernels, ElementType type) {
        SplittableRandom random = Examples.random(32);
        MoeWeights weights = Examples.weights(new MoeShape(5, 7, 6, 4), type, random);
        Matrix x = Examples.rows(type, 9, 5, random);
        double[] values = x.toDoubleArray();
        values[2 * 5 + 1] = Double.NaN;
        values[4 * 5 + 3] = Double.NEGATIVE_INFINITY;
        Matrix wild = Matrix.wrap(9, 5, values).to(type);
        for (Layer layer : new Layer[] {
            new SimpleMoe(weights, 2, kernels), new BatchedMoe(weights, 2, kernels, ThreadTeam.ofCaller())
        }) {
            Matrix expected = layer.forward(x);
            Matrix y = layer.forward(wild);
            for (int row = 0; row < 9; row++) {
                double[] actual = y.rowRange(row, row + 1).toDoubleArray();
                if (row == 2 || row == 4) {
                    assertThat(actual).containsOnly(Double.NaN);
                } else {
                    assertThat(actual).isEqualTo(expected.rowRange(row, row + 1).toDoubleArray());
                }
            }
        }
    }

    @Test
    void layersAskForEveryExpertOnceInAscendingOrder() {
        MoeShape shape = new MoeShape(2, 3, 2, 4);
        Matrix x = Examples.rows(ElementType.FLOAT64, 5, 2, Examples.random(33));
        Matrix simple = new SimpleMoe(seeds(shape), 2, KernelsChoice.best()).forward(x);
        Matrix batched = new BatchedMoe(seeds(shape), 2, KernelsChoice.best(), ThreadTeam.ofCaller()).forward(x);
        Examples.assertSameBits(batched, simple, "from weights that are drawn once and in order");
    }

    private static MoeWeights seeds(MoeShape shape) {
        return MoeWeights.random(shape, ElementType.FLOAT64, new NamedRandomStates());
    }

    @Test
    void aTopKBelowOneIsRefused() {
        MoeWeights weights = Examples.weights(new MoeShape(2, 2, 2, 2), ElementType.FLOAT64, Examples.random(34));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SimpleMoe(weights, 0, KernelsChoice.best()))
                .withMessage("topK: 0 (expected: at least 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchedMoe(weights, -3, KernelsChoice.best(), ThreadTeam.ofCaller()))
                .withMessage("topK: -3 (expected: at least 1)");
    }
}
