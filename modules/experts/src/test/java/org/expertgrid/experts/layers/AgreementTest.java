package org.expertgrid.experts.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;

class AgreementTest {
    private static final Matrix REFERENCE = Matrix.of(1, 3, 1.0, -8.0, 2.0);

    @Test
    void theLargestDifferenceCountsInTermsOfTheLargestElement() {
        assertThat(Agreement.ofScale(Matrix.of(1, 3, 1.0, -8.0, 3.0), REFERENCE))
                .isEqualTo(0.125);
        assertThat(Agreement.ofScale(REFERENCE, REFERENCE)).isZero();
    }

    @Test
    void aSmallResultIsMeasuredByItsOwnSize() {
        assertThat(Agreement.ofScale(Matrix.of(1, 2, 0.25, 1e-9), Matrix.of(1, 2, 0.5, 0)))
                .isEqualTo(0.5);
        assertThat(Agreement.ofScale(Matrix.of(1, 1, 1.001e-6), Matrix.of(1, 1, 1e-6)))
                .isCloseTo(1e-3, within(1e-12));
    }

    @Test
    void zerosAgreeWithZerosAlone() {
        assertThat(Agreement.ofScale(Matrix.of(1, 1, 0.0), Matrix.of(1, 1, -0.0)))
                .isZero();
        assertThat(Agreement.ofScale(Matrix.of(1, 1, 1e-300), Matrix.of(1, 1, 0.0)))
                .isGreaterThan(1);
    }

    @Test
    void aResultThatIsNoNumberNeverAgrees() {
        assertThat(Agreement.ofScale(Matrix.of(1, 3, 1.0, Double.NaN, 2.0), REFERENCE))
                .isNaN();
    }

    @Test
    void anotherShapeNeverAgrees() {
        assertThat(Agreement.ofScale(Matrix.of(3, 1, 1.0, -8.0, 2.0), REFERENCE))
                .isInfinite();
    }

    @Test
    void theLargestDifferenceIsReportedToo() {
        assertThat(Agreement.largestDifference(Matrix.of(1, 3, 1.0, -8.0, 3.5), REFERENCE))
                .isEqualTo(1.5);
        assertThat(Agreement.scale(REFERENCE)).isEqualTo(8);
        assertThat(Agreement.scale(Matrix.of(1, 2, 0.125, -0.25))).isEqualTo(0.25);
    }

    @Test
    void noRowsAgreeWithNoRows() {
        assertThat(Agreement.ofScale(Matrix.zeros(ElementType.FLOAT64, 0, 3), Matrix.zeros(ElementType.FLOAT64, 0, 3)))
                .isZero();
    }

    @Test
    void theToleranceIsWhatThePagesPromise() {
        assertThat(Agreement.tolerance(ElementType.FLOAT64)).isEqualTo(1e-12);
        assertThat(Agreement.tolerance(ElementType.FLOAT32)).isEqualTo(1e-5);
    }
}
