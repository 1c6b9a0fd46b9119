package org.expertgrid.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitsTest {
    private final Waits waits = new Waits();

    private void sampleAt(long millis, String... places) {
        waits.add(TimeUnit.MILLISECONDS.toNanos(millis), List.of(places));
    }

    @Test
    void theMostFrequentPlacesComeFirst() {
        sampleAt(20, "Trouble.pause");
        sampleAt(40, "Trouble.pause", "Calls.next");
        sampleAt(60, "Calls.next");
        sampleAt(110, "Calls.next");

        assertThat(waits.since(TimeUnit.MILLISECONDS.toNanos(30)))
                .isEqualTo("3 x Calls.next, 1 x Trouble.pause; longest time between two samples 50 ms");
    }

    @Test
    void gapsWithoutSamplesHaveNoPlaces() {
        sampleAt(20, "Calls.next");

        assertThat(waits.since(TimeUnit.MILLISECONDS.toNanos(30))).isEmpty();
    }
}
