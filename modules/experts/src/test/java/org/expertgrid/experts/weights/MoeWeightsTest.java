package org.expertgrid.experts.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.expertgrid.experts.Examples;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoeWeightsTest {
    private static final MoeShape SHAPE = new MoeShape(3, 4, 2, 3);

    private static MoeWeights random(ElementType type) {
        return MoeWeights.random(SHAPE, type, new NamedRandomStates());
    }

    private static Matrix next(RandomState draws, int rows, int columns, double factor, ElementType type) {
        double[] values = draws.randn(rows, columns).toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return Matrix.wrap(rows, columns, values).to(type);
    }

    private static LinearWeights nextLinear(RandomState draws, int inputs, int outputs, ElementType type) {
        return new LinearWeights(next(draws, inputs, outputs, 0.01, type), next(draws, 1, outputs, 1, type));
    }

    @ParameterizedTest
    @EnumSource
    void randomWeightsAreDrawnAsTheSeedDrawsThem(ElementType type) {
        MoeWeights weights = random(type);
        assertThat(weights.shape()).isEqualTo(SHAPE);
        assertThat(weights.elementType()).isEqualTo(type);
        LinearWeights router = nextLinear(new RandomState(0), 3, 3, type);
        assertThat(weights.router()).isEqualTo(new RouterWeights(router.weight().toMatrix(), router.bias()));
        RandomState draws = new RandomState(0);
        for (int e = 0; e < 3; e++) {
            assertThat(weights.expert(e))
                    .isEqualTo(new ExpertWeights(nextLinear(draws, 3, 4, type), nextLinear(draws, 4, 2, type)));
        }
    }

    @Test
    void aSecondModelGoesOnWhereTheFirstStoppedUntilReset() {
        NamedRandomStates states = new NamedRandomStates();
        RouterWeights first =
                MoeWeights.random(SHAPE, ElementType.FLOAT64, states).router();
        RouterWeights second =
                MoeWeights.random(SHAPE, ElementType.FLOAT64, states).router();
        states.reset();
        RouterWeights again =
                MoeWeights.random(SHAPE, ElementType.FLOAT64, states).router();
        assertThat(second).isNotEqualTo(first);
        assertThat(again).isEqualTo(first);
    }

    @Test
    void randomExpertsOutOfOrderAreRefused() {
        MoeWeights weights = random(ElementType.FLOAT64);
        assertThatIllegalStateException()
                .isThrownBy(() -> weights.expert(1))
                .withMessage("expert: 1 (expected: 0, random weights are drawn once and in order; "
                        + "use inMemory() to ask again)");
    }

    @Test
    void aRandomExpertIsDrawnOnceAndARefusalDrawsNothing() {
        MoeWeights weights = random(ElementType.FLOAT64);
        weights.expert(0);
        assertThatIllegalStateException().isThrownBy(() -> weights.expert(0)).withMessageContaining("expert: 0");
        MoeWeights others = random(ElementType.FLOAT64);
        others.expert(0);
        assertThat(weights.expert(1)).isEqualTo(others.expert(1));
    }

    @Test
    void thereIsNoRandomExpertBehindTheLast() {
        MoeWeights weights = random(ElementType.FLOAT64);
        for (int e = 0; e < SHAPE.experts(); e++) {
            weights.expert(e);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights.expert(3))
                .withMessage("expert: 3 (expected: 0 to 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random(ElementType.FLOAT64).expert(-1));
    }

    @Test
    void inMemoryTheyCanBeAskedForInAnyOrderManyTimes() {
        MoeWeights weights = random(ElementType.FLOAT32);
        MoeWeights inMemory = weights.inMemory();
        MoeWeights drawn = random(ElementType.FLOAT32);
        List<ExpertWeights> experts = List.of(drawn.expert(0), drawn.expert(1), drawn.expert(2));
        for (int e : new int[] {2, 0, 1, 2, 2, 0}) {
            assertThat(inMemory.expert(e)).isEqualTo(experts.get(e));
        }
        assertThat(inMemory.router()).isEqualTo(drawn.router());
        assertThat(inMemory.shape()).isEqualTo(SHAPE);
        assertThat(inMemory.elementType()).isEqualTo(ElementType.FLOAT32);
        assertThat(inMemory.inMemory()).isSameAs(inMemory);
        assertThatIllegalStateException().isThrownBy(weights::inMemory);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void anExpertThatIsNotInMemoryIsRefused(int expert) {
        MoeWeights weights = random(ElementType.FLOAT64).inMemory();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights.expert(expert))
                .withMessage("expert: " + expert + " (expected: 0 to 2)");
    }

    @Test
    void theShapeOfGivenWeightsIsTheirs() {
        SplittableRandom random = Examples.random(21);
        RouterWeights router = Examples.router(ElementType.FLOAT64, 3, 2, random);
        List<ExpertWeights> experts = new ArrayList<>();
        MoeShape shape = new MoeShape(3, 5, 4, 2);
        experts.add(Examples.expert(shape, ElementType.FLOAT64, random));
        experts.add(Examples.expert(shape, ElementType.FLOAT64, random));
        MoeWeights weights = MoeWeights.of(router, experts);
        ExpertWeights last = experts.remove(1);
        assertThat(weights.shape()).isEqualTo(shape);
        assertThat(weights.expert(1)).isSameAs(last);
        assertThat(weights.router()).isSameAs(router);
    }

    @Test
    void allShapesThatDoNotFitAreNamedInOneMessage() {
        SplittableRandom random = Examples.random(22);
        RouterWeights router = Examples.router(ElementType.FLOAT64, 3, 3, random);
        List<ExpertWeights> experts = List.of(
                Examples.expert(new MoeShape(3, 5, 4, 3), ElementType.FLOAT64, random),
                Examples.expert(new MoeShape(2, 6, 1, 3), ElementType.FLOAT64, random),
                Examples.expert(new MoeShape(3, 5, 4, 3), ElementType.FLOAT32, random));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MoeWeights.of(router, experts))
                .withMessage(
                        "expert1.shape: 2 x 6 x 1, plain, RELU, biases (expected: 3 x 5 x 4, plain, RELU, biases); "
                                + "expert2.elementType: FLOAT32 (expected: expert0.elementType FLOAT64)");
    }

    @Test
    void aRouterForAnotherNumberOfExpertsIsRefused() {
        SplittableRandom random = Examples.random(23);
        RouterWeights router = Examples.router(ElementType.FLOAT64, 3, 3, random);
        ExpertWeights expert = Examples.expert(SHAPE, ElementType.FLOAT64, random);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MoeWeights.of(router, List.of(expert, expert)))
                .withMessage("router.experts: 3 (expected: one for each of 2 experts)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MoeWeights.of(router, List.of()))
                .withMessageStartingWith("experts: 0 (expected: at least 1 besides 0 shared ones)");
    }
}
