package org.expertgrid.cluster.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterStatusTest {
    private static final long MB = 1 << 20;

    @ParameterizedTest
    @CsvSource({
        // the seed's model, and two of them, of which a member of 512 MB was seen to die
        "3, 51, 51, 512, 229, true",
        "4, 77, 77, 512, 308, false",
        "4, 77, 77, 1024, 308, true",
        // OLMoE's shape
        "3, 360, 360, 2048, 1620, false",
        "3, 360, 360, 4096, 1620, true",
        // two backups; one, and nobody left to hold it; none; and nobody left at all
        "4, 30, 60, 512, 160, true",
        "2, 50, 50, 512, 200, true",
        "3, 50, 0, 512, 150, true",
        "1, 500, 0, 512, 0, true"
    })
    void aMemberLessLeavesMoreToEachOfTheOthers(
            int members, long primaries, long backups, long heap, long each, boolean room) {
        ClusterStatus status = cluster(Collections.nCopies(members, member(primaries, backups, heap)));

        assertThat(status.bytesEachAfterALoss() / MB).isEqualTo(each);
        assertThat(status.hasRoomForALoss()).isEqualTo(room);
    }

    @Test
    void theSmallestHeapDecides() {
        assertThat(cluster(List.of(member(50, 50, 4096), member(50, 50, 256), member(50, 50, 4096)))
                        .hasRoomForALoss())
                .isFalse();
    }

    @Test
    void whatHoldsNothingHasRoom() {
        assertThat(cluster(List.of(member(0, 0, 64), member(0, 0, 64))).hasRoomForALoss())
                .isTrue();
        assertThat(cluster(List.of()).hasRoomForALoss()).isTrue();
    }

    private static ClusterStatus cluster(List<MemberStatus> members) {
        return new ClusterStatus(members, List.of(), List.of());
    }

    private static MemberStatus member(long primaries, long backups, long heap) {
        return new MemberStatus(
                new UUID(0, 0),
                "127.0.0.1:1",
                "plain",
                2,
                0,
                heap * MB,
                0,
                primaries * MB,
                backups * MB,
                0,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                false);
    }
}
