package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.expertgrid.kernels.WeightMatrix.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightMatrixTest {
    private final SplittableRandom random = new SplittableRandom(31);

    @Test
    void readsBothOrdersInTheBytesOrderOfTheBuffer() {
        ByteBuffer elements = ByteBuffer.allocateDirect(24).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i <= 6; i++) {
            elements.putFloat(i);
        }
        elements.flip();
        assertThat(WeightMatrix.of(WeightFormat.FLOAT32, Order.INPUT_MAJOR, 2, 3, elements)
                        .toMatrix())
                .isEqualTo(Matrix.of(2, 3, 1f, 2f, 3f, 4f, 5f, 6f));
        assertThat(WeightMatrix.of(WeightFormat.FLOAT32, Order.OUTPUT_MAJOR, 2, 3, elements)
                        .toMatrix())
                .isEqualTo(Matrix.of(2, 3, 1f, 3f, 5f, 2f, 4f, 6f));
        assertThat(elements.position()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void partsWidenToThePartsOfTheWhole(WeightFormat format) {
        WeightMatrix weight = Examples.weight(format, 300, 150, random);
        Matrix whole = weight.toMatrix();
        for (int[] cut :
                new int[][] {{0, 300, 0, 150}, {1, 300, 3, 140}, {33, 34, 149, 150}, {120, 290, 0, 129}, {7, 7, 5, 5}
                }) {
            WeightMatrix part = weight.columnRange(cut[2], cut[3]).rowRange(cut[0], cut[1]);
            assertThat(part.toMatrix())
                    .as("%s, seed 31", format)
                    .isEqualTo(whole.columnRange(cut[2], cut[3]).rowRange(cut[0], cut[1]));
        }
        Matrix odd = weight.everyColumn(1, 2).columnRange(2, 70).toMatrix();
        for (int j = 0; j < odd.columns(); j++) {
            assertThat(odd.columnRange(j, j + 1)).isEqualTo(whole.columnRange(5 + 2 * j, 6 + 2 * j));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16"})
    void countsTheNonFiniteOnesAmongAllCodes(WeightFormat format) {
        ByteBuffer codes = ByteBuffer.allocate(2 << 16);
        for (int code = 0; code < 1 << 16; code++) {
            codes.putShort((short) code);
        }
        WeightMatrix weight = WeightMatrix.of(format, Order.OUTPUT_MAJOR, 4096, 16, codes.flip());
        assertThat(weight.nonFinite())
                .isEqualTo(nonFinite(weight))
                .isEqualTo(format == WeightFormat.BF16 ? 2 << 7 : 2 << 10);
    }

    @ParameterizedTest
    @EnumSource
    void countsNonFiniteElementsAndThoseOfNonFiniteScales(WeightFormat format) {
        WeightMatrix weight = Examples.weight(format, 300, 150, random);
        assertThat(weight.nonFinite()).isEqualTo(nonFinite(weight));
        assertThat(WeightMatrix.of(Matrix.of(1, 3, Double.NaN, 1.0, Double.NEGATIVE_INFINITY))
                        .nonFinite())
                .isEqualTo(2);
        byte[] codes = new byte[130 * 129];
        Arrays.fill(codes, (byte) 0x38); // 1.0
        codes[0] = 0x7F; // NaN
        Matrix scales = Matrix.of(2, 2, 1f, 2f, 3f, Float.POSITIVE_INFINITY);
        assertThat(WeightMatrix.fp8(Order.OUTPUT_MAJOR, 130, 129, ByteBuffer.wrap(codes), scales)
                        .nonFinite())
                .isEqualTo(1 + 2);
    }

    private static long nonFinite(WeightMatrix weight) {
        return Arrays.stream(weight.toMatrix().toDoubleArray())
                .filter(element -> !Double.isFinite(element))
                .count();
    }

    @Test
    void fp8TakesTheScaleOfItsBlockInBothOrders() {
        byte[] codes = new byte[130 * 129];
        Arrays.fill(codes, (byte) 0x38); // 1.0
        Matrix byOutput = Matrix.of(2, 2, 1f, 2f, 3f, 4f);
        Matrix widened = WeightMatrix.fp8(Order.OUTPUT_MAJOR, 130, 129, ByteBuffer.wrap(codes), byOutput)
                .toMatrix();
        assertThat(new double[] {
                    widened.get(127, 127), widened.get(128, 127), widened.get(127, 128), widened.get(129, 128)
                })
                .containsExactly(1, 2, 3, 4);
        assertThat(WeightMatrix.fp8(
                                Order.INPUT_MAJOR, 130, 129, ByteBuffer.wrap(codes), Matrix.of(2, 2, 1f, 3f, 2f, 4f))
                        .toMatrix())
                .isEqualTo(widened);
    }

    @Test
    void mxfp4TakesTheLowerHalfOfAByteFirstAndAPowerOfTwo() {
        byte[] codes = new byte[16];
        codes[0] = (byte) 0xF2; // 1.0, -6.0
        for (int[] scale : new int[][] {{127, 0}, {0, -127}, {254, 127}, {120, -7}}) {
            Matrix widened = WeightMatrix.mxfp4(
                            32, 1, ByteBuffer.wrap(codes), ByteBuffer.wrap(new byte[] {(byte) scale[0]}))
                    .toMatrix();
            assertThat(widened.get(0, 0)).isEqualTo(Math.scalb(1.0, scale[1]));
            assertThat(widened.get(1, 0)).isEqualTo((float) Math.scalb(-6.0, scale[1]));
        }
        Matrix notANumber = WeightMatrix.mxfp4(32, 1, ByteBuffer.wrap(codes), ByteBuffer.wrap(new byte[] {-1}))
                .toMatrix();
        assertThat(notANumber.get(0, 0)).isNaN();
    }

    @Test
    void refusesBuffersOfAnotherSizeAndFormatsWithoutScales() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightMatrix.of(WeightFormat.BF16, Order.INPUT_MAJOR, 2, 3, ByteBuffer.allocate(11)))
                .withMessage("elements: 11 bytes (expected: 12 bytes of BF16, which the shape asks for)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightMatrix.of(WeightFormat.INT8, Order.INPUT_MAJOR, 2, 3, ByteBuffer.allocate(6)))
                .withMessageContaining("INT8 without scales");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightMatrix.mxfp4(33, 2, ByteBuffer.allocate(33), ByteBuffer.allocate(2)))
                .withMessage("inputs: 33 (expected: a multiple of 32)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightMatrix.mxfp4(32, 2, ByteBuffer.allocate(32), ByteBuffer.allocate(3)))
                .withMessageContaining("scales: 3 bytes (expected: 2");
        Matrix scales = Matrix.zeros(ElementType.FLOAT32, 1, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightMatrix.fp8(Order.OUTPUT_MAJOR, 129, 1, ByteBuffer.allocate(129), scales))
                .withMessageContaining("columns of the scales: 1");
        WeightMatrix weight = WeightMatrix.of(Matrix.zeros(ElementType.FLOAT32, 2, 3));
        assertThatThrownBy(() -> weight.rowRange(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> weight.columnRange(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> weight.everyColumn(0, 0));
    }
}
