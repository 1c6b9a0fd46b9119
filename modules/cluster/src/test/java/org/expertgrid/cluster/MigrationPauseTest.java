package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What Hazelcast does for three seconds after a migration has failed, brought about by hand and without an end. */
class MigrationPauseTest {
    @Test
    void backupsOfALostMemberArePromotedAlthoughMigrationsArePaused() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            HazelcastInstance oldest = cluster.member(0);
            LinearShardWorker.of(oldest);
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
    void aPauseIsLetBeWhereNobodyHasComeOrGone() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            HazelcastInstance member = cluster.member(0);
            MigrationPause longAfter = new MigrationPause(member, 0);
            partitions(member).pauseMigration();

            longAfter.cutShort();

            assertThat(partitions(member).areMigrationTasksAllowed()).isFalse();
            new MigrationPause(member, 60_000).cutShort();
            assertThat(partitions(member).areMigrationTasksAllowed()).isTrue();
        }
    }

    private static InternalPartitionServiceImpl partitions(HazelcastInstance member) {
        return ((HazelcastInstanceProxy) member).getOriginal().node.partitionService;
    }
}
