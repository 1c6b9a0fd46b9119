package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ActivationTest {
    private final SplittableRandom random = new SplittableRandom(9);

    @Test
    void theExponentialFunctionIsTheJdksToTwoUnitsInTheLastPlace() {
        for (int i = 0; i < 100_000; i++) {
            double x = random.nextDouble(-708, 709);
            double expected = StrictMath.exp(x);
            assertThat(Exponential.exp(x)).as("seed 9, %s", x).isCloseTo(expected, within(2 * Math.ulp(expected)));
        }
        for (double x : new double[] {
            0.0, -0.0, 710, 1e300, Double.POSITIVE_INFINITY, -746, -1e300, Double.NEGATIVE_INFINITY, Double.NaN
        }) {
            assertThat(Exponential.exp(x)).isEqualTo((Double) StrictMath.exp(x));
        }
        assertThat(Exponential.exp(-740)).isCloseTo(StrictMath.exp(-740), within(2 * Double.MIN_VALUE));
    }

    @Test
    void activationsGiveTheirFormulas() {
        for (int i = 0; i < 10_000; i++) {
            double x = random.nextDouble(-30, 30);
            double sigmoid = 1 / (1 + StrictMath.exp(-x));
            double tanh = StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
            assertClose(Activation.SIGMOID, x, sigmoid);
            assertClose(Activation.SILU, x, x * sigmoid);
            assertClose(Activation.GELU_TANH, x, 0.5 * x * (1 + tanh));
            assertThat(Activation.IDENTITY.apply(x)).isEqualTo(x);
            assertThat(Activation.RELU.apply(x)).isEqualTo(Math.max(0, x));
        }
    }

    private static void assertClose(Activation activation, double x, double expected) {
        assertThat(activation.apply(x))
                .as("%s of %s", activation, x)
                .isCloseTo(expected, within(1e-14 * Math.max(1, Math.abs(x))));
    }

    /** Values of the normal distribution function from published tables of 15 digits. */
    @Test
    void geluIsTheNumberTimesTheShareOfTheNormalDistributionBelowIt() {
        double[][] table = {
            {0.0, 0.5},
            {1.0, 0.841344746068543},
            {2.0, 0.977249868051821},
            {3.0, 0.998650101968370},
            {-1.0, 0.158655253931457},
            {-2.0, 0.0227501319481792},
            {0.5, 0.691462461274013}
        };
        for (double[] row : table) {
            assertClose(Activation.GELU, row[0], row[0] * row[1]);
        }
        assertThat(Activation.GELU.apply(40)).isEqualTo(40);
        assertThat(Activation.GELU.apply(-40)).isEqualTo(-0.0);
    }

    @Test
    void nanStaysNanAndInfinitiesAreAsInNumPy() {
        double infinity = Double.POSITIVE_INFINITY;
        for (Activation activation : Activation.values()) {
            assertThat(activation.apply(Double.NaN)).as("%s", activation).isNaN();
            assertThat(activation.apply(infinity)).isEqualTo(activation == Activation.SIGMOID ? 1.0 : infinity);
        }
        assertThat(Activation.SILU.apply(-infinity)).isNaN();
        assertThat(Activation.RELU.apply(-infinity)).isZero();
        assertThat(GatedActivation.CLAMPED_SWIGLU.apply(1.0, Double.NaN)).isNaN();
        assertThat(GatedActivation.CLAMPED_SWIGLU.apply(Double.NaN, 1.0)).isNaN();
    }

    @Test
    void theClampedOneIsTheFormulaOfItsModel() {
        for (int i = 0; i < 1_000; i++) {
            double gate = random.nextDouble(-20, 20);
            double up = random.nextDouble(-20, 20);
            double g = Math.min(gate, 7);
            double u = Math.max(-7, Math.min(7, up));
            assertThat(GatedActivation.CLAMPED_SWIGLU.apply(gate, up))
                    .isCloseTo((u + 1) * g / (1 + StrictMath.exp(-1.702 * g)), within(1e-12));
            assertThat(GatedActivation.SWIGLU.apply(gate, up))
                    .isCloseTo(up * gate / (1 + StrictMath.exp(-gate)), within(1e-12));
        }
    }

    @Test
    void aGatedActivationRefusesNumbersWithoutMeaning() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatedActivation(Activation.SILU, 0.0, 1.0, 0.0))
                .withMessageContaining("limit: 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatedActivation(Activation.RELU, 1.0, 1.7, 0.0))
                .withMessageContaining("alpha: 1.7 with RELU");
    }
}
