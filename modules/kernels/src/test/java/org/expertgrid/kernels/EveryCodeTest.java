package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.expertgrid.kernels.WeightMatrix.Order;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every code of every format that is widened, special numbers among them, times one, in all kernels, for one row and for many. */
class EveryCodeTest {
    /** Widths that leave words without all of their codes, and widths that do not. */
    private static final List<Integer> INPUTS = List.of(32, 45);

    static Stream<Arguments> kernelsAndFormats() {
        return Examples.kernels().stream()
                .flatMap(kernels -> Stream.of(WeightFormat.values())
                        .filter(format -> format.narrow() && !format.narrowsRows())
                        .map(format -> Arguments.of(kernels.name(), format)));
    }

    @ParameterizedTest
    @MethodSource("kernelsAndFormats")
    void isWidenedToTheNumberThatItStandsFor(String name, WeightFormat format) {
        Kernels kernels = KernelsChoice.named(name);
        for (int inputs : INPUTS) {
            WeightMatrix weight = everyCode(format, inputs);
            Matrix widened = weight.toMatrix();
            PackedWeights packed = PackedWeights.pack(weight);
            for (int input : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 30, inputs - 1}) {
                for (int rows : new int[] {1, 9}) {
                    // a row of which all but one number are zeros; zeros times what is not finite would be NaN
                    WeightMatrix oneInput = weight.rowRange(input, input + 1);
                    Matrix ones = Matrix.wrap(rows, 1, ones(rows));
                    Matrix product = kernels.multiply(ones, PackedWeights.pack(oneInput), Activation.IDENTITY);
                    for (int row = 0; row < rows; row++) {
                        assertSame(product.rowRange(row, row + 1), widened.rowRange(input, input + 1), format);
                    }
                }
            }
            Matrix alone = kernels.multiply(Matrix.wrap(1, inputs, ones(inputs)), packed, Activation.IDENTITY);
            Matrix among = kernels.multiply(Matrix.wrap(9, inputs, ones(9 * inputs)), packed, Activation.IDENTITY);
            assertThat(among.rowRange(4, 5)).as("%s, %s", name, format).isEqualTo(alone);
            PackedWeights wide = PackedWeights.pack(WeightMatrix.of(widened));
            Matrix expected = kernels.multiply(Matrix.wrap(1, inputs, ones(inputs)), wide, Activation.IDENTITY);
            assertThat(alone).as("%s, %s", name, format).isEqualTo(expected);
        }
    }

    /** A number plus zero; -0 plus zero is 0. */
    private static void assertSame(Matrix product, Matrix widened, WeightFormat format) {
        for (int j = 0; j < product.columns(); j++) {
            assertThat(product.get(0, j)).as("%s, column %d", format, j).isEqualTo((Double) (widened.get(0, j) + 0.0));
        }
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1.0f);
        return ones;
    }

    /** Codes in ascending order down the columns, as many columns as all codes need, and one scale that is a power of two. */
    private static WeightMatrix everyCode(WeightFormat format, int inputs) {
        int stored = (inputs + 31) / 32 * 32;
        int outputs = Math.max(17, ((1 << format.bits()) + stored - 1) / stored);
        int count = stored * outputs;
        ByteBuffer codes =
                ByteBuffer.allocate(Math.max(1, count * format.bits() / 8)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            switch (format.bits()) {
                case 16 -> codes.putShort(2 * i, (short) i);
                case 8 -> codes.put(i, (byte) i);
                default -> codes.put(i / 2, (byte) (codes.get(i / 2) | (i & 0xF) << 4 * (i % 2)));
            }
        }
        WeightMatrix whole = switch (format) {
            case FLOAT64, FLOAT32, W8A8, W4A8 -> throw new IllegalArgumentException(format.toString());
            case BF16, F16 -> WeightMatrix.of(format, Order.OUTPUT_MAJOR, stored, outputs, codes);
            case FP8_E4M3 -> {
                int blocks = (stored + 127) / 128 * ((outputs + 127) / 128);
                float[] scales = new float[blocks];
                Arrays.fill(scales, 0.25f);
                yield WeightMatrix.fp8(Order.OUTPUT_MAJOR, stored, outputs, codes, Matrix.wrap(1, blocks, scales));
            }
            case MXFP4 -> {
                byte[] scales = new byte[count / 32];
                Arrays.fill(scales, (byte) 125);
                yield WeightMatrix.mxfp4(stored, outputs, codes, ByteBuffer.wrap(scales));
            }
            case INT8, INT4 -> {
                float[] scales = new float[count / 32];
                Arrays.fill(scales, 0.25f);
                yield WeightMatrix.grouped(format, stored, outputs, codes, stored, scales);
            }
        };
        return whole.rowRange(0, inputs);
    }
}
