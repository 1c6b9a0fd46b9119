package org.expertgrid.experts.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;

/** Shapes, of a model and of its parts, and the one message that tells everything that is wrong with one. */
class MoeShapeTest {
    private static final ElementType FLOAT64 = ElementType.FLOAT64;
    private static final ElementType FLOAT32 = ElementType.FLOAT32;

    private static LinearWeights zeros(ElementType type, int inputs, int outputs) {
        return new LinearWeights(Matrix.zeros(type, inputs, outputs), Matrix.zeros(type, 1, outputs));
    }

    @Test
    void allProblemsAreNamedInOneMessage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MoeShape(0, -1, 5, 0))
                .withMessage("inputDim: 0 (expected: at least 1); hiddenDim: -1 (expected: at least 1); "
                        + "experts: 0 (expected: at least 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MoeShape(1, 1, 0, 1))
                .withMessage("outputDim: 0 (expected: at least 1)");
    }

    @Test
    void onesAreLegal() {
        assertThatCode(() -> new MoeShape(1, 1, 1, 1)).doesNotThrowAnyException();
    }

    @Test
    void problemsAreCollectedInOrderAndThrownTogether() {
        Problems problems = new Problems()
                .expect(true, "fine", 1, "anything")
                .expect(false, "port", 99, "from 1024 to 65535")
                .expect(false, "name", null, "not empty");
        assertThat(problems.found())
                .containsExactly("port: 99 (expected: from 1024 to 65535)", "name: null (expected: not empty)");
        assertThatIllegalArgumentException()
                .isThrownBy(problems::throwIfAny)
                .withMessage(String.join("; ", problems.found()));
        assertThatCode(() -> new Problems().expect(true, "fine", 1, "anything").throwIfAny())
                .doesNotThrowAnyException();
    }

    @Test
    void theListOfProblemsCannotBeChanged() {
        Problems problems = new Problems().expect(false, "a", 1, "2");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> problems.found().clear());
    }

    @Test
    void aBiasFitsItsWeight() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LinearWeights(Matrix.zeros(FLOAT64, 3, 4), Matrix.zeros(FLOAT32, 2, 5)))
                .withMessage("bias.rows: 2 (expected: 1); bias.columns: 5 (expected: weight.columns 4); "
                        + "bias.elementType: FLOAT32 (expected: weight.elementType FLOAT64)");
        LinearWeights weights = zeros(FLOAT32, 3, 4);
        assertThat(weights.inputs()).isEqualTo(3);
        assertThat(weights.outputs()).isEqualTo(4);
        assertThat(weights.elementType()).isEqualTo(FLOAT32);
    }

    @Test
    void anOutputRangeHasThoseColumnsOfWeightAndBias() {
        LinearWeights weights = new LinearWeights(Matrix.of(2, 3, 1.0, 2, 3, 4, 5, 6), Matrix.of(1, 3, 7.0, 8, 9));
        LinearWeights range = weights.outputRange(1, 3);
        assertThat(range.weight().toMatrix()).isEqualTo(Matrix.of(2, 2, 2.0, 3, 5, 6));
        assertThat(range.bias()).isEqualTo(Matrix.of(1, 2, 8.0, 9));
        assertThat(weights.outputRange(0, 3)).isEqualTo(weights);
        assertThat(weights.outputRange(2, 2).outputs()).isZero();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> weights.outputRange(1, 4));
    }

    @Test
    void anExpertsSecondLayerFitsItsFirst() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ExpertWeights(zeros(FLOAT64, 3, 4), zeros(FLOAT32, 5, 2)))
                .withMessage("fc2.inputs: 5 (expected: 4); fc2.elementType: FLOAT32 (expected: FLOAT64)");
    }

    @Test
    void aWeightThatNoArrayCanHoldIsRefusedBeforeAnythingIsDrawn() {
        NamedRandomStates states = new NamedRandomStates();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MoeWeights.random(new MoeShape(65_536, 1, 1, 32_768), FLOAT64, states))
                .withMessageContaining("65536 x 32768")
                .withMessageContaining("expected: at most 2147483639 elements");
        try (var scope = states.enter("router")) {
            assertThat(scope.randomState().randn()).isEqualTo(new RandomState(0).randn());
        }
    }
}
