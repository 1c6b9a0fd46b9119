package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.StandIn;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class MemberWatchTest {
    @Test
    void membersThatAreGoneAreForgottenWhenANewMemberAnswers() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance caller = cluster.member(0);
            MemberWatch watch = MemberWatch.of(caller);
            Member gone = cluster.member(1).getCluster().getLocalMember();
            long start = System.nanoTime();
            watch.heardFrom(gone);
            assertThat(watch.hasHeardFrom(gone, start)).isTrue();

            cluster.loseMember();
            Awaitility.await().until(() -> !caller.getCluster().getMembers().contains(gone));
            Member joined = cluster.addMember().getCluster().getLocalMember();
            watch.heardFrom(joined);
            assertThat(watch.hasHeardFrom(joined, start)).isTrue();
            assertThat(watch.hasHeardFrom(gone, start)).isFalse();
        }
    }

    @Test
    void aMemberThatLeavesAProbeUnansweredIsSilent() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance caller = cluster.member(0);
            IExecutorService unanswered = StandIn.of(IExecutorService.class, (proxy, method, arguments) -> null);
            HazelcastInstance cutOff = StandIn.of(
                    HazelcastInstance.class,
                    (proxy, method, arguments) -> method.getName().equals("getExecutorService")
                            ? unanswered
                            : StandIn.ask(caller, method, arguments));
            MemberWatch watch = MemberWatch.of(cutOff);
            Member asked = cluster.member(1).getCluster().getLocalMember();
            assertThat(watch.isSilent(asked)).isFalse();
            watch.probe(asked, 1);
            Awaitility.await().until(() -> watch.isSilent(asked));
        }
    }
}
