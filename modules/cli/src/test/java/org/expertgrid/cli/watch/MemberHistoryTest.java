package org.expertgrid.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.expertgrid.cluster.status.MemberStatus;
import org.expertgrid.server.page.ClusterView.Event;
import org.expertgrid.server.page.ClusterView.EventKind;
import org.expertgrid.server.page.ClusterView.Member;
import org.junit.jupiter.api.Test;

class MemberHistoryTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final MemberHistory history = new MemberHistory();

    private void observe(int second, Map<String, List<Integer>> ranks, String... addresses) {
        history.observe(
                START.plusSeconds(second),
                Stream.of(addresses).map(MemberHistoryTest::member).toList(),
                ranks);
    }

    private static MemberStatus member(String address) {
        return new MemberStatus(
                UUID.nameUUIDFromBytes(address.getBytes()),
                address,
                "plain",
                2,
                100,
                500,
                400,
                1,
                10,
                10,
                0,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                false);
    }

    @Test
    void theFirstLookTellsMembersAndNoEvents() {
        observe(0, Map.of("a:1", List.of(0, 1), "b:2", List.of(2, 3)), "a:1", "b:2");
        assertThat(history.members())
                .containsExactly(
                        new Member("a:1", true, List.of(0, 1), 100, 500),
                        new Member("b:2", true, List.of(2, 3), 100, 500));
        assertThat(history.events()).isEmpty();
    }

    @Test
    void aLostMemberStaysInTheListAndItsRanksMove() {
        observe(0, Map.of("a:1", List.of(0, 1), "b:2", List.of(2, 3)), "a:1", "b:2");
        observe(1, Map.of("a:1", List.of(0, 1, 2, 3)), "a:1");
        assertThat(history.events())
                .containsExactly(
                        new Event(START.plusSeconds(1), EventKind.LOST, "b:2 is lost"),
                        new Event(START.plusSeconds(1), EventKind.MOVED, "ranks 2, 3 moved from b:2 to a:1"));
        assertThat(history.members()).extracting(Member::name, Member::up).contains(tuple("b:2", false));
    }

    @Test
    void aMemberThatComesBackIsDistinguishedFromANewOne() {
        observe(0, Map.of(), "a:1", "b:2");
        observe(1, Map.of(), "a:1");
        observe(2, Map.of(), "a:1", "b:2", "c:3");
        assertThat(history.events())
                .extracting(Event::text)
                .containsExactly("b:2 is lost", "b:2 is back", "c:3 has joined");
    }

    @Test
    void aLostMemberIsForgottenInTheEnd() {
        observe(0, Map.of(), "a:1", "b:2");
        observe(1, Map.of(), "a:1");
        observe(290, Map.of(), "a:1");
        assertThat(history.members()).extracting(Member::name).containsExactly("a:1", "b:2");
        observe(301, Map.of(), "a:1");
        assertThat(history.members()).extracting(Member::name).containsExactly("a:1");
        assertThat(history.events()).hasSize(1);
    }

    @Test
    void onlyTheLatestEventsAreKept() {
        for (int i = 0; i < 200; i++) {
            observe(i, Map.of(i % 2 == 0 ? "a:1" : "b:2", List.of(0)), "a:1", "b:2");
        }
        assertThat(history.events()).hasSize(50);
        assertThat(history.events().get(49).at()).isEqualTo(START.plusSeconds(199));
    }
}
