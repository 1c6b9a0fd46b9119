package org.expertgrid.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TimesTest {
    private static final Times TIMES = Times.of(LongStream.of(5, 1, 4, 2, 3).map(millis -> millis * 1_000_000));

    @Test
    void theMedianIsTheMiddleOne() {
        assertThat(TIMES.medianMillis()).isEqualTo(3);
        assertThat(Times.median(4, 1, 3, 2)).isEqualTo(2.5);
    }

    @Test
    void theMinimumIsTheFirst() {
        assertThat(TIMES.minimumMillis()).isEqualTo(1);
    }

    @Test
    void aQuantileLiesBetweenItsNeighbours() {
        assertThat(TIMES.quantileMillis(0.9)).isCloseTo(4.6, within(1e-9));
        assertThat(TIMES.quantileMillis(1)).isEqualTo(5);
    }

    @Test
    void noTimesHaveNoMedian() {
        assertThat(Times.of(LongStream.empty()).medianMillis()).isNaN();
        assertThat(Times.median()).isNaN();
    }
}
