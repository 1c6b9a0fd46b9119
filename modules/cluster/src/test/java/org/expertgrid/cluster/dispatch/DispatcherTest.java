package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    @Test
    void membersThatAreGoneAreForgottenWhenSomebodyNewIsHeardOf() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance caller = cluster.member(0);
            Dispatcher dispatcher = new Dispatcher(caller, "ranker", () -> null, () -> {}, new ForwardCounters(1));
            Member gone = cluster.member(1).getCluster().getLocalMember();
            long start = System.nanoTime();
            dispatcher.heardFrom(gone);
            assertThat(dispatcher.hasHeardFrom(gone, start)).isTrue();

            cluster.loseMember();
            Awaitility.await().until(() -> !caller.getCluster().getMembers().contains(gone));
            Member joined = cluster.addMember().getCluster().getLocalMember();
            dispatcher.heardFrom(joined);
            assertThat(dispatcher.hasHeardFrom(joined, start)).isTrue();
            assertThat(dispatcher.hasHeardFrom(gone, start)).isFalse();
        }
    }
}
