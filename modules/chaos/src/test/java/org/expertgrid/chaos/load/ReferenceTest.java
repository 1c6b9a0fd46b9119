package org.expertgrid.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.expertgrid.chaos.SelfTest;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.cli.seed.SeedExercise;
import org.expertgrid.experts.layers.SimpleMoe;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReferenceTest {
    private static Reference reference(ElementType type) {
        return Reference.draw(new SeedExercise.Parameters(8, 6, 7, 5, 3, 2, type, 1));
    }

    private static Matrix answer(Reference reference, int number) {
        Example example = reference.example();
        return new SimpleMoe(example.weights(), example.topK(), KernelsChoice.best()).forward(reference.batch(number));
    }

    @ParameterizedTest
    @EnumSource
    void rightAnswersHaveNoWrongRow(ElementType type) {
        Reference reference = reference(type);

        for (int number = 0; number < 7; number++) {
            assertThat(reference.wrongRows(number, answer(reference, number))).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneWrongBitIsOneWrongRow(ElementType type) {
        Reference reference = reference(type);

        assertThat(reference.wrongRows(0, SelfTest.withOneWrongBit(answer(reference, 0))))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void theAnswerToAnotherBatchIsWrong(ElementType type) {
        Reference reference = reference(type);

        assertThat(reference.wrongRows(1, answer(reference, 0))).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource
    void zerosPartialAnswersAndWhatIsNoNumberAreWrong(ElementType type) {
        Reference reference = reference(type);
        double[] notANumber = answer(reference, 0).toDoubleArray();
        notANumber[5] = Double.NaN;

        assertThat(reference.wrongRows(0, Matrix.zeros(type, 8, 5))).isEqualTo(8);
        assertThat(reference.wrongRows(0, answer(reference, 0).rowRange(0, 7))).isEqualTo(8);
        assertThat(reference.wrongRows(0, Matrix.wrap(8, 5, notANumber).to(type)))
                .isEqualTo(1);
    }
}
