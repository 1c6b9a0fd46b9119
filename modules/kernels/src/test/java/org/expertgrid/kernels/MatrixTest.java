package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatrixTest {
    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void ofCopiesAndWrapDoesNot() {
        double[] doubles = {1, 2};
        float[] floats = {1, 2};
        Matrix copied = Matrix.of(1, 2, doubles);
        Matrix copiedFloats = Matrix.of(1, 2, floats);
        Matrix wrapped = Matrix.wrap(1, 2, doubles);
        doubles[0] = 9;
        floats[0] = 9;
        assertThat(copied.get(0, 0)).isEqualTo(1);
        assertThat(copiedFloats.get(0, 0)).isEqualTo(1);
        assertThat(wrapped.get(0, 0)).isEqualTo(9);
    }

    @Test
    void refusesArraysOfAnotherSizeAndShapesThatNoArrayHolds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Matrix.of(2, 3, new double[5]))
                .withMessage("values: 5 (expected: rows x columns 6)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Matrix.zeros(ElementType.FLOAT64, -1, 3))
                .withMessage("rows: -1 (expected: >= 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Matrix.zeros(ElementType.FLOAT32, 1 << 16, 1 << 16))
                .withMessage(
                        "rows x columns: 65536 x 65536 (expected: at most 2147483639 elements, a Java array's length)");
    }

    @Test
    void tellsItsElementsAndChecksWhereTheyAre() {
        Matrix matrix = Matrix.of(2, 3, 1f, 2f, 3f, 4f, 5f, 6f);
        assertThat(matrix.get(1, 0)).isEqualTo(4);
        double[] row = new double[4];
        matrix.copyRow(1, row);
        assertThat(row).containsExactly(4, 5, 6, 0);
        assertThat(matrix.bytes()).isEqualTo(24);
        assertThat(matrix).hasToString("FLOAT32[2 x 3]");
        for (int[] outside : new int[][] {{-1, 0}, {2, 0}, {0, -1}, {0, 3}}) {
            assertThatThrownBy(() -> matrix.get(outside[0], outside[1])).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> matrix.copyRow(2, row)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void cutsRowsAndColumns() {
        Matrix matrix = Matrix.of(3, 2, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
        assertThat(matrix.selectRows(2, 0, 2)).isEqualTo(Matrix.of(3, 2, 5.0, 6.0, 1.0, 2.0, 5.0, 6.0));
        assertThat(matrix.rowRange(1, 3)).isEqualTo(Matrix.of(2, 2, 3.0, 4.0, 5.0, 6.0));
        assertThat(matrix.columnRange(1, 2)).isEqualTo(Matrix.of(3, 1, 2.0, 4.0, 6.0));
        assertThat(matrix.columnRange(1, 1)).isEqualTo(Matrix.zeros(ElementType.FLOAT64, 3, 0));
        assertThat(matrix.rowRange(3, 3)).isEqualTo(Matrix.zeros(ElementType.FLOAT64, 0, 2));
        assertThatThrownBy(() -> matrix.selectRows(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> matrix.selectRows(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> matrix.rowRange(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> matrix.columnRange(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void changesItsElementTypeOnlyWhereItMust() {
        Matrix doubles = Matrix.of(1, 2, 0.1, 1e300);
        assertThat(doubles.to(ElementType.FLOAT64)).isSameAs(doubles);
        assertThat(doubles.to(ElementType.FLOAT32)).isEqualTo(Matrix.of(1, 2, 0.1f, Float.POSITIVE_INFINITY));
        assertThat(Matrix.of(1, 1, 0.1f).to(ElementType.FLOAT64)).isEqualTo(Matrix.of(1, 1, (double) 0.1f));
    }

    @ParameterizedTest
    @EnumSource
    void comesBackFromABufferAsItWasPutIn(ElementType type) {
        Matrix matrix = Examples.wild(type, 3, 5, random);
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            ByteBuffer buffer =
                    ByteBuffer.allocate(7 + (int) matrix.bytes()).order(order).position(7);
            matrix.putInto(buffer);
            assertThat(buffer.remaining()).isZero();
            assertThat(Matrix.getFrom(buffer.position(7), type, 3, 5)).isEqualTo(matrix);
            assertThat(buffer.remaining()).isZero();
        }
    }

    @Test
    void allocatesNothingForABufferThatClaimsMoreThanItHolds() {
        assertThatThrownBy(() -> Matrix.getFrom(ByteBuffer.allocate(64), ElementType.FLOAT64, 40_000, 50_000))
                .isInstanceOf(BufferUnderflowException.class);
    }

    @Test
    void equalsMatricesOfTheSameShapeTypeAndElements() {
        Matrix matrix = Matrix.of(1, 2, 1.0, Double.NaN);
        assertThat(matrix)
                .isEqualTo(Matrix.of(1, 2, 1.0, Double.NaN))
                .hasSameHashCodeAs(Matrix.of(1, 2, 1.0, Double.NaN));
        assertThat(matrix).isNotEqualTo(Matrix.of(2, 1, 1.0, Double.NaN)).isNotEqualTo(matrix.to(ElementType.FLOAT32));
        assertThat(Matrix.of(1, 1, 0.0)).isNotEqualTo(Matrix.of(1, 1, -0.0));
    }

    @ParameterizedTest
    @EnumSource
    void activationKeepsNanAndCutsWhatIsNegative(ElementType type) {
        Matrix x = Matrix.of(1, 5, -1.0, 2.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
                .to(type);
        Matrix cut = Matrix.of(1, 5, 0.0, 2.0, Double.NaN, 0.0, Double.POSITIVE_INFINITY)
                .to(type);
        assertThat(Activation.RELU.apply(x)).isEqualTo(cut);
        assertThat(Activation.IDENTITY.apply(x)).isSameAs(x);
    }
}
