package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.expertgrid.kernels.packed.FusedMultiplyAdd;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernels of our own give the bits of one loop over k with the widened weights, and so each other's. */
class SameBitsTest {
    @ParameterizedTest
    @CsvSource({"1, 1000, 150", "3, 77, 40", "4, 5, 300", "29, 311, 131", "9, 4096, 33"})
    void vectorAndPlainGiveTheBitsOfASequentialLoop(int rows, int inputs, int outputs) {
        SplittableRandom random = new SplittableRandom(5);
        for (WeightFormat format : WeightFormat.values()) {
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
