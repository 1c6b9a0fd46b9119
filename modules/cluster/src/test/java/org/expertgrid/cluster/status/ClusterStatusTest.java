package org.expertgrid.cluster.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.expertgrid.cluster.errors.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterStatusTest {
    private static final long MB = 1 << 20;

    @ParameterizedTest
    @CsvSource({
        // the seed's model, and two of them
        "3, 51, 51, 512, 153, true",
        "4, 77, 77, 200, 205, false",
        "4, 77, 77, 210, 205, true",
        // OLMoE's shape
        "3, 360, 360, 1000, 1080, false",
        "3, 360, 360, 1100, 1080, true",
        // two backups; one backup, and no other member left to hold it; no backup; and no member left
        "4, 30, 60, 130, 120, true",
        "2, 50, 50, 110, 100, true",
        "3, 50, 0, 80, 75, true",
        "1, 500, 0, 600, 0, true"
    })
    void aMemberLessLeavesMoreToEachOfTheOthers(
            int members, long primaries, long backups, long capacity, long each, boolean room) {
        ClusterStatus status = cluster(Collections.nCopies(members, member(primaries, backups, capacity)));

        assertThat(status.bytesEachAfterALoss() / MB).isEqualTo(each);
        assertThat(status.hasRoomForALoss()).isEqualTo(room);
    }

    @Test
    void theMemberWithTheLeastRoomDecides() {
        assertThat(cluster(List.of(member(50, 50, 4096), member(50, 50, 100), member(50, 50, 4096)))
                        .hasRoomForALoss())
                .isFalse();
    }

    @Test
    void anEmptyMemberHasRoom() {
        assertThat(cluster(List.of(member(0, 0, 64), member(0, 0, 64))).hasRoomForALoss())
                .isTrue();
        assertThat(cluster(List.of()).hasRoomForALoss()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // without backups, what fits all three does not fit two of them
        "143, 0, 176, 143, 0, 176, false",
        "100, 0, 176, 100, 0, 176, true",
        // the smaller member of two that remain decides, with what it holds already
        "600, 0, 848, 287, 0, 400, true",
        "764, 0, 848, 382, 0, 400, false",
        // with one backup, each of two that remain holds all
        "50, 50, 150, 50, 50, 150, true",
        "50, 50, 149, 50, 50, 149, false"
    })
    void aMemberLeavesOnlyWhereTheOthersHaveRoom(
            long primaries,
            long backups,
            long capacity,
            long ofSmaller,
            long backupsOfSmaller,
            long capacityOfSmaller,
            boolean room) {
        MemberStatus leaving = member(3, Math.min(primaries, 143), backups, 176);
        ClusterStatus status = cluster(List.of(
                member(1, primaries, backups, capacity),
                leaving,
                member(2, ofSmaller, backupsOfSmaller, capacityOfSmaller)));

        if (room) {
            assertThatCode(() -> status.checkRoomWithout(leaving.id())).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> status.checkRoomWithout(leaving.id()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("(expected: at most " + capacityOfSmaller + " MB)");
        }
    }

    @Test
    void aMemberWhoseWeightsTheOtherHoldsAsBackupsLeaves() {
        ClusterStatus two = cluster(List.of(member(1, 50, 50, 100), member(2, 50, 50, 100)));
        assertThatCode(() -> two.checkRoomWithout(two.members().get(0).id())).doesNotThrowAnyException();
    }

    private static ClusterStatus cluster(List<MemberStatus> members) {
        return new ClusterStatus(members, List.of(), List.of(), List.of());
    }

    private static MemberStatus member(long primaries, long backups, long capacity) {
        return member(0, primaries, backups, capacity);
    }

    private static MemberStatus member(long id, long primaries, long backups, long capacity) {
        return new MemberStatus(
                new UUID(0, id),
                "127.0.0.1:1",
                "plain",
                2,
                0,
                2 * capacity * MB,
                capacity * MB,
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
