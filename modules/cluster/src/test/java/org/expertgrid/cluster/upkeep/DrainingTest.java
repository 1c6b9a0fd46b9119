package org.expertgrid.cluster.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class DrainingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static void drainAtTheSameTime(List<HazelcastInstance> members) {
        CompletableFuture.allOf(members.stream()
                        .map(member -> CompletableFuture.runAsync(
                                () -> Draining.drain(member, PATIENCE), task -> new Thread(task).start()))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
    }

    @Test
    void allMembersCanBeDrainedAtTheSameTime() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64))
                    .deploy(cluster.member(0), "ranker")
                    .close();
            drainAtTheSameTime(cluster.members());
            assertThat(cluster.members())
                    .noneMatch(member -> member.getLifecycleService().isRunning());
        }
    }

    @Test
    void twoMembersThatAreDrainedAtOnceHandOverToTheMemberThatStays() {
        Matrix x = Models.rows(7, ElementType.FLOAT64);
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3);
                TensorParallelMoe moe = TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64))
                        .exchange(Exchange.CONCAT)
                        .deploy(cluster.member(0), "ranker")) {
            Matrix expected = moe.forward(x);
            drainAtTheSameTime(cluster.members().subList(1, 3));
            assertThat(moe.forward(x)).isEqualTo(expected);
            ModelRecord record =
                    (ModelRecord) cluster.member(0).getMap(GridNames.MODELS).get("ranker");
            assertThat(record.shards().members()).isEqualTo(1);
        }
    }

    @Test
    void aClientIsRefusedByNameAndGoesOn() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance client = cluster.connect();
            Map<String, Object> before = Map.copyOf(client.getUserContext());
            assertThatThrownBy(() -> Draining.drain(client, PATIENCE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("member: client " + client.getName() + " (expected: a member)");
            assertThat(client.getLifecycleService().isRunning()).isTrue();
            assertThat(client.getUserContext()).isEqualTo(before);
            client.shutdown();
        }
    }
}
