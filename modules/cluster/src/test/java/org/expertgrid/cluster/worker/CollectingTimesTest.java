package org.expertgrid.cluster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CollectingTimesTest {
    private static final long NOW = Long.MAX_VALUE - 1_000; // nanoTime may overflow
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final CollectingTimes times = new CollectingTimes(NOW);

    @Test
    void aMoveIsFollowedByCollectionsAtOnceAndEverLater() {
        times.beginsAnew(NOW + 10_000 * MILLI, 1);
        assertThat(times.beginsAnew(NOW + 10_100 * MILLI, 2)).isTrue();
        assertThat(times.beginsAnew(NOW + 10_300 * MILLI, 2)).isTrue();
        assertThat(times.beginsAnew(NOW + 10_500 * MILLI, 2)).isTrue();
        assertThat(times.beginsAnew(NOW + 10_600 * MILLI, 2)).isFalse();
    }

    @Test
    void inCalmTilesAreCollectedAgainAfterTwoSeconds() {
        long calm = NOW + 60_000 * MILLI;
        assertThat(times.beginsAnew(calm, 0)).isTrue();
        assertThat(times.beginsAnew(calm + 1_900 * MILLI, 0)).isFalse();
        assertThat(times.beginsAnew(calm + 2_000 * MILLI, 0)).isTrue();
    }

    @Test
    void workIsFollowedByAPauseFourTimesAsLong() {
        times.ended(NOW, NOW + 100 * MILLI);
        assertThat(times.mayCollect(NOW + 499 * MILLI)).isFalse();
        assertThat(times.mayCollect(NOW + 500 * MILLI)).isTrue();
    }

    /** A member that is frozen may keep a round waiting for ten seconds; others need tiles as soon as backups have moved. */
    @Test
    void aRoundThatWaitedForAHolderIsFollowedByAnotherAfterTwoSeconds() {
        times.ended(NOW, NOW + 10_000 * MILLI);
        assertThat(times.mayCollect(NOW + 12_000 * MILLI)).isTrue();
    }
}
