package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NarrowingTest {
    private static final List<WeightFormat> INTEGERS =
            List.of(WeightFormat.INT8, WeightFormat.INT4, WeightFormat.W8A8, WeightFormat.W4A8);

    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    void bf16IsTheNearestAndTheEvenOneAmongEquals() {
        float step = 0x1p-7f;
        Matrix values =
                Matrix.of(1, 5, 1 + step / 2, 1 + 1.5f * step, 1 + 0.51f * step, Float.NEGATIVE_INFINITY, Float.NaN);
        Matrix narrowed = narrowed(values, WeightFormat.BF16).weight().toMatrix();
        assertThat(narrowed).isEqualTo(Matrix.of(1, 5, 1f, 1 + 2 * step, 1 + step, Float.NEGATIVE_INFINITY, Float.NaN));
    }

    @Test
    void integersAreApartByHalfAStepAtMost() {
        Matrix values = Examples.random(ElementType.FLOAT32, 77, 5, random);
        for (WeightFormat format : INTEGERS) {
            int largestCode = format.bits() == 8 ? 127 : 7;
            Matrix narrowed = narrowed(values, format).weight().toMatrix();
            for (int j = 0; j < 5; j++) {
                for (int k = 0; k < 77; k++) {
                    double largest = 0;
                    for (int i = k / 32 * 32; i < Math.min(77, k / 32 * 32 + 32); i++) {
                        largest = Math.max(largest, Math.abs(values.get(i, j)));
                    }
                    assertThat(narrowed.get(k, j))
                            .as("seed 3, %s [%d, %d]", format, k, j)
                            .isCloseTo(values.get(k, j), within(largest / largestCode * 0.5001));
                }
            }
        }
    }

    @Test
    void codesAreTheNearestIntegersAndOfTwoTheLargerOne() {
        float[] numbers = new float[32];
        for (int i = -126; i < 126; i++) {
            float half = i + 0.5f;
            float[] near = {i, half, Math.nextUp(half), Math.nextDown(half), Math.nextUp((float) i), i / 1e30f, -127};
            System.arraycopy(near, 0, numbers, 0, near.length);
            numbers[31] = 127;
            Matrix narrowed = narrowed(Matrix.wrap(32, 1, numbers.clone()), WeightFormat.INT8)
                    .weight()
                    .toMatrix();
            for (int k = 0; k < 32; k++) {
                assertThat(narrowed.get(k, 0)).as("%s", numbers[k]).isEqualTo(Math.round(numbers[k]));
            }
        }
    }

    @Test
    void theErrorIsTheRootOfTheMeanSquareRelativeToTheWeight() {
        Matrix values = Examples.random(ElementType.FLOAT32, 64, 40, random);
        for (WeightFormat format : new WeightFormat[] {WeightFormat.BF16, WeightFormat.INT8, WeightFormat.INT4}) {
            Narrowing narrowing = narrowed(values, format);
            Matrix after = narrowing.weight().toMatrix();
            double error = 0;
            double size = 0;
            for (int i = 0; i < 64; i++) {
                for (int j = 0; j < 40; j++) {
                    error += Math.pow(values.get(i, j) - after.get(i, j), 2);
                    size += Math.pow(values.get(i, j), 2);
                }
            }
            assertThat(narrowing.relativeError()).isCloseTo(Math.sqrt(error / size), within(1e-12));
        }
        assertThat(narrowed(values, WeightFormat.INT8).relativeError()).isBetween(1e-3, 1e-2);
        assertThat(narrowed(values, WeightFormat.INT4).relativeError()).isBetween(0.05, 0.15);
        assertThat(narrowed(Matrix.zeros(ElementType.FLOAT32, 3, 3), WeightFormat.INT4)
                        .relativeError())
                .isZero();
    }

    @Test
    void refusesNumbersThatAreNotFiniteAndOtherFormats() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> narrowed(Matrix.of(2, 1, 1f, Float.NaN), WeightFormat.INT8))
                .withMessageContaining("NaN or infinity among rows 0 to 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> narrowed(Matrix.of(1, 1, 1f), WeightFormat.F16))
                .withMessage("format: F16 (expected: one of BF16, INT8, INT4, W8A8, W4A8)");
    }

    private static Narrowing narrowed(Matrix values, WeightFormat format) {
        return Narrowing.of(WeightMatrix.of(values), format);
    }
}
