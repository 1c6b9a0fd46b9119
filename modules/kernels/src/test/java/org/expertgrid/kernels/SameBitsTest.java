package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.expertgrid.kernels.packed.FusedMultiplyAdd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernels of our own give the bits of one loop over k with the widened weights, and so each other's. */
class SameBitsTest {
    private static final List<WeightFormat> WIDENED = Stream.of(WeightFormat.values())
            .filter(format -> !format.narrowsRows())
            .toList();

    @ParameterizedTest
    @CsvSource({"1, 1000, 150", "3, 77, 40", "4, 5, 300", "29, 311, 131", "9, 4096, 33", "1, 64, 150", "2, 96, 64"})
    void vectorAndPlainGiveTheBitsOfASequentialLoop(int rows, int inputs, int outputs) {
        SplittableRandom random = new SplittableRandom(5);
        for (WeightFormat format : WIDENED) {
            ElementType type = format.computedIn();
            Matrix x = Examples.random(type, rows, inputs, random);
            WeightMatrix stored = Examples.weight(format, inputs, outputs, random);
            Matrix weight = stored.toMatrix();
            Matrix bias = Examples.bias(type, outputs, random);
            Matrix expected = type == ElementType.FLOAT64 ? doubles(x, weight, bias) : floats(x, weight, bias);
            for (Kernels kernels : Examples.kernels()) {
                if (!kernels.name().equals("ojalgo")) {
                    assertThat(kernels.multiply(x, PackedWeights.pack(stored, bias), Activation.IDENTITY))
                            .as("%s, %s, seed 5", kernels.name(), format)
                            .isEqualTo(expected);
                }
            }
        }
    }

    /** Kernels may take shorter ways for such numbers, and must find the numbers that these ways would change. */
    @ParameterizedTest
    @CsvSource({"F16, 1", "F16, 3", "FP8_E4M3, 1", "FP8_E4M3, 2"})
    void normalSmallFloatsTimesNumbersOfAnySizeGiveTheBitsOfASequentialLoop(WeightFormat format, int rows) {
        SplittableRandom random = new SplittableRandom(6);
        WeightMatrix stored = Examples.normal(format, 64, 128, random);
        Matrix weight = stored.toMatrix();
        Matrix bias = Examples.bias(ElementType.FLOAT32, 128, random);
        for (float special :
                new float[] {0, Float.MIN_VALUE, 65504, 65536, -1e30f, Float.POSITIVE_INFINITY, Float.NaN}) {
            float[] numbers =
                    Examples.random(ElementType.FLOAT32, rows, 64, random).toFloatArray();
            numbers[numbers.length - 7] = special;
            Matrix x = Matrix.wrap(rows, 64, numbers);
            for (Kernels kernels : Examples.kernels()) {
                if (!kernels.name().equals("ojalgo")) {
                    assertThat(kernels.multiply(x, PackedWeights.pack(stored, bias), Activation.IDENTITY))
                            .as("%s, %s, a row with %s, seed 6", kernels.name(), format, special)
                            .isEqualTo(floats(x, weight, bias));
                }
            }
        }
    }

    /** A scale that is nearly too large for float32, and rows that bring the product back. */
    @Test
    void largeScalesOfSmallFloatsGiveTheBitsOfASequentialLoop() {
        SplittableRandom random = new SplittableRandom(7);
        for (float scale : new float[] {255.9f, 256, -1e30f, 1e-38f}) {
            byte[] codes = new byte[64 * 64];
            random.nextBytes(codes);
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) (codes[i] & 0xBF | 0x20);
            }
            WeightMatrix stored = WeightMatrix.fp8(
                    WeightMatrix.Order.OUTPUT_MAJOR, 64, 64, ByteBuffer.wrap(codes), Matrix.of(1, 1, scale));
            Matrix x = Examples.random(ElementType.FLOAT32, 1, 64, random);
            Matrix bias = Examples.bias(ElementType.FLOAT32, 64, random);
            for (Kernels kernels : Examples.kernels()) {
                if (!kernels.name().equals("ojalgo")) {
                    assertThat(kernels.multiply(x, PackedWeights.pack(stored, bias), Activation.IDENTITY))
                            .as("%s, scale %s, seed 7", kernels.name(), scale)
                            .isEqualTo(floats(x, stored.toMatrix(), bias));
                }
            }
        }
    }

    private static Matrix doubles(Matrix x, Matrix weight, Matrix bias) {
        double[] y = new double[x.rows() * weight.columns()];
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < weight.columns(); j++) {
                double sum = 0.0;
                for (int k = 0; k < x.columns(); k++) {
                    double w = weight.get(k, j);
                    sum = FusedMultiplyAdd.FAST ? Math.fma(x.get(i, k), w, sum) : sum + x.get(i, k) * w;
                }
                y[i * weight.columns() + j] = sum + bias.get(0, j);
            }
        }
        return Matrix.wrap(x.rows(), weight.columns(), y);
    }

    private static Matrix floats(Matrix x, Matrix weight, Matrix bias) {
        float[] y = new float[x.rows() * weight.columns()];
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < weight.columns(); j++) {
                float sum = 0.0f;
                for (int k = 0; k < x.columns(); k++) {
                    float a = (float) x.get(i, k);
                    float w = (float) weight.get(k, j);
                    sum = FusedMultiplyAdd.FAST ? Math.fma(a, w, sum) : sum + a * w;
                }
                y[i * weight.columns() + j] = sum + (float) bias.get(0, j);
            }
        }
        return Matrix.wrap(x.rows(), weight.columns(), y);
    }
}
