package org.expertgrid.cluster.workarounds;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Hazelcast does for three seconds after a migration has failed, brought about by hand and without an end. */
@Tag("slow")
class MigrationPauseTest {
    @Test
    void backupsOfALostMemberArePromotedAlthoughMigrationsArePaused() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            HazelcastInstance oldest = cluster.member(0);
            Member lost = cluster.member(2).getCluster().getLocalMember();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> oldest.getPartitionService().isClusterSafe()
                            && oldest.getPartitionService().getPartitions().stream()
                                    .anyMatch(partition -> lost.equals(partition.getOwner())));
            partitions(oldest).pauseMigration();

            cluster.member(2).getLifecycleService().terminate();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> oldest.getCluster().getMembers().size() == 2
                            && oldest.getPartitionService().isClusterSafe());
            assertThat(oldest.getPartitionService().getPartitions())
                    .allMatch(partition -> oldest.getCluster().getMembers().contains(partition.getOwner()));
        }
    }

    @Test
    void aPauseContinuesWhileEachPartitionHasAMemberAsItsOwner() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance oldest = cluster.member(0);
            oldest.getPartitionService().getPartition("any key").getOwner();
            Awaitility.await().until(() -> oldest.getPartitionService().isClusterSafe());
            MigrationPause pause = new MigrationPause(oldest);
            partitions(oldest).pauseMigration();

            for (int i = 0; i < 3; i++) {
                pause.look();
            }

            assertThat(partitions(oldest).areMigrationTasksAllowed()).isFalse();
        }
    }

    private static InternalPartitionServiceImpl partitions(HazelcastInstance member) {
        return ((HazelcastInstanceProxy) member).getOriginal().node.partitionService;
    }
}
