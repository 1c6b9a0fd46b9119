package org.expertgrid.cluster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapRoomTest {
    private static final long MB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"256, 176", "1024, 848", "16, 0"})
    void anEmptyHeapHasRoomForWeightsBesideWhatMembersNeedThemselves(long heap, long capacity) {
        assertThat(room(heap, 0).capacity()).isEqualTo(capacity * MB);
    }

    @Test
    void tilesTakeRoom() {
        assertThat(room(256, 0).left(100 * MB, 0)).isEqualTo(76 * MB);
        assertThat(room(256, 0).left(200 * MB, 0)).isZero();
    }

    @Test
    void otherObjectsInTheHeapTakeRoomToo() {
        assertThat(room(256, 200).left(100 * MB, 0)).isEqualTo(40 * MB);
        assertThat(room(256, 250).left(0, 0)).isZero();
    }

    @Test
    void tasksAndTilesOnTheirWayTakeNoRoomFromWeights() {
        assertThat(room(256, 158).left(100 * MB, 0)).isEqualTo(76 * MB);
    }

    private static HeapRoom room(long megabytes, long living) {
        return new HeapRoom(megabytes * MB, (int) MB, () -> living * MB);
    }
}
