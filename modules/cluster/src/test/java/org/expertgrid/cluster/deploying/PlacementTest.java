package org.expertgrid.cluster.deploying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.ShardedLinear;
import org.expertgrid.cluster.errors.NoDataMembersException;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class PlacementTest {
    @Test
    void ranksSpreadEvenlyOverMembersAndNeighboursStayTogether() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            HazelcastInstance client = cluster.connect();
            for (HazelcastInstance side : List.of(cluster.member(1), client)) {
                List<UUID> owners = owners(side, new Placement(side).keys(10));
                assertThat(owners.stream()
                                .collect(Collectors.groupingBy(owner -> owner, Collectors.counting()))
                                .values())
                        .containsExactlyInAnyOrder(4L, 4L, 2L);
                long changes = IntStream.range(1, 10)
                        .filter(rank -> !owners.get(rank).equals(owners.get(rank - 1)))
                        .count();
                assertThat(changes).isEqualTo(2);
            }
            client.shutdown();
        }
    }

    @Test
    void membersAndClientsPlaceAlike() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance client = cluster.connect();
            // A client is told later than members who owns which partition.
            Awaitility.await()
                    .untilAsserted(() -> assertThat(new Placement(client).keys(7))
                            .isEqualTo(new Placement(cluster.member(0)).keys(7)));
            client.shutdown();
        }
    }

    @Test
    void moreRanksThanPartitionsArePlacedToo() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            assertThat(new Placement(cluster.member(0)).keys(300)).hasSize(300);
        }
    }

    @Test
    void aClusterWithoutDataMembersIsRefused() {
        Config config = ExpertgridConfig.member().setLiteMember(true);
        config.setClusterName("lite-" + UUID.randomUUID());
        config.getNetworkConfig().setPort(0);
        HazelcastInstance lite = Hazelcast.newHazelcastInstance(config);
        try {
            LinearWeights weights =
                    new LinearWeights(Matrix.of(1, 2, new double[] {1, 2}), Matrix.of(1, 2, new double[] {0, 0}));
            assertThatThrownBy(() -> ShardedLinear.deploy(lite, "linear", weights, 2))
                    .isInstanceOf(NoDataMembersException.class)
                    .hasMessageContaining("data members: 0 (expected: at least 1");
        } finally {
            lite.getLifecycleService().terminate();
        }
    }

    private static List<UUID> owners(HazelcastInstance hazelcast, List<Integer> keys) {
        return keys.stream()
                .map(key -> hazelcast
                        .getPartitionService()
                        .getPartition(key)
                        .getOwner()
                        .getUuid())
                .toList();
    }
}
