package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatrixBufferTest {
    @ParameterizedTest
    @EnumSource
    void putsColumnsBesideEachOther(ElementType type) {
        MatrixBuffer buffer = MatrixBuffer.allocate(type, 2, 3);
        buffer.copyColumns(Matrix.of(2, 2, 1.0, 2.0, 3.0, 4.0).to(type), 1);
        buffer.copyColumns(Matrix.of(2, 1, 8.0, 9.0).to(type), 0);
        assertThat(buffer.toMatrix())
                .isEqualTo(Matrix.of(2, 3, 8.0, 1.0, 2.0, 9.0, 3.0, 4.0).to(type));
    }

    @ParameterizedTest
    @EnumSource
    void takesAndAddsRowsAndGatedRows(ElementType type) {
        MatrixBuffer buffer = MatrixBuffer.allocate(type, 3, 2);
        buffer.copyRows(Matrix.of(2, 2, 1.0, 2.0, 3.0, 4.0).to(type), 0);
        buffer.addRows(Matrix.of(1, 2, 5.0, 6.0).to(type), 2);
        GatedRows gated = new GatedRows(new int[] {0, 2}, new double[] {0.5, 2.0});
        buffer.addGated(Matrix.of(2, 2, 10.0, 20.0, 30.0, 40.0).to(type), gated);
        assertThat(buffer.toMatrix())
                .isEqualTo(Matrix.of(3, 2, 6.0, 12.0, 3.0, 4.0, 65.0, 86.0).to(type));
    }

    @ParameterizedTest
    @EnumSource
    void roundsGateProductAndSumOneAfterTheOther(ElementType type) {
        MatrixBuffer buffer = MatrixBuffer.allocate(type, 1, 1);
        buffer.addRows(Matrix.of(1, 1, 1.1).to(type), 0);
        buffer.addGated(Matrix.of(1, 1, 0.7).to(type), new GatedRows(new int[] {0}, new double[] {0.3}));
        double expected = type == ElementType.FLOAT64 ? 1.1 + 0.3 * 0.7 : 1.1f + 0.3f * 0.7f;
        assertThat(buffer.toMatrix().get(0, 0)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsOutside(ElementType type) {
        MatrixBuffer buffer = MatrixBuffer.allocate(type, 2, 3);
        Matrix source = Matrix.zeros(type, 2, 3);
        int[][] outside = {
            {-1, 0, 0, 0, 1},
            {2, 0, 0, 0, 1},
            {0, -1, 0, 0, 1},
            {0, 2, 0, 0, 2},
            {0, 0, -1, 0, 1},
            {0, 0, 2, 0, 1},
            {0, 0, 0, -1, 1},
            {0, 0, 0, 2, 2},
            {0, 0, 0, 0, -1}
        };
        for (int[] at : outside) {
            assertThatThrownBy(() -> buffer.copy(source, at[0], at[1], at[2], at[3], at[4]))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("expected: within 0 to");
        }
        assertThatThrownBy(() -> buffer.copyColumns(source, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.copyRows(source, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.addRows(source, -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.store(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        GatedRows gated = new GatedRows(new int[] {0, 2}, new double[2]);
        assertThatThrownBy(() -> buffer.gatedSum(gated)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @EnumSource
    void refusesOtherShapesAndElementTypes(ElementType type) {
        MatrixBuffer buffer = MatrixBuffer.allocate(type, 2, 3);
        ElementType other = type == ElementType.FLOAT64 ? ElementType.FLOAT32 : ElementType.FLOAT64;
        GatedRows gated = new GatedRows(new int[] {0, 1}, new double[2]);
        assertThatIllegalArgumentException().isThrownBy(() -> buffer.copyRows(Matrix.zeros(other, 2, 3), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> buffer.addRows(Matrix.zeros(type, 2, 2), 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> buffer.addRows(Matrix.zeros(other, 2, 3), 0))
                .withMessage("source: " + other + " (expected: " + type + ", see Matrix.to)");
        assertThatIllegalArgumentException().isThrownBy(() -> buffer.copyColumns(Matrix.zeros(other, 2, 3), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> buffer.copyColumns(Matrix.zeros(type, 1, 3), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> buffer.addGated(Matrix.zeros(type, 1, 3), gated));
        assertThatIllegalArgumentException().isThrownBy(() -> buffer.addGated(Matrix.zeros(type, 2, 4), gated));
    }
}
