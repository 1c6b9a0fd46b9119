package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.errors.WeightsLostException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.Removals;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.upkeep.Timings;
import org.expertgrid.cluster.wire.Worker;
import org.expertgrid.cluster.wire.WorkerRequest;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members that are lost without anybody having a copy of what they held. */
@Tag("slow")
class LostWeightsTest {
    private static final MoeWeights WEIGHTS = Models.weights(ElementType.FLOAT64);
    private static final Matrix ROWS = Models.rows(40, ElementType.FLOAT64);

    @ParameterizedTest
    @EnumSource(Exchange.class)
    void lostWeightsAreReportedAsLostAndNamed(Exchange exchange) {
        try (EmbeddedCluster cluster = withoutBackups()) {
            HazelcastInstance client = cluster.connect();
            try (TensorParallelMoe moe = deploy(client, exchange, Duration.ofMinutes(2))) {
                moe.forward(ROWS);
                cluster.member(1).getLifecycleService().terminate();
                assertThatThrownBy(() -> moe.forward(ROWS))
                        .isInstanceOf(WeightsLostException.class)
                        .hasMessageContaining("model 'ranker', ranks [")
                        .hasMessageContaining("no member and no store has layer 0, expert 0, ")
                        .hasMessageContaining("127.0.0.1:");
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    void aMemberThatIsLeftAloneWaitsAndDoesNotReportLostWeights() {
        try (EmbeddedCluster cluster = withoutBackups();
                TensorParallelMoe moe = deploy(cluster.member(0), Exchange.REDUCE, Duration.ofSeconds(3))) {
            cluster.member(1).getLifecycleService().terminate();
            cluster.member(2).getLifecycleService().terminate();
            assertThatThrownBy(() -> moe.forward(ROWS))
                    .isInstanceOf(ForwardFailedException.class)
                    .isNotInstanceOf(WeightsLostException.class)
                    .hasMessageContaining("MISSING")
                    .hasMessageContaining("times before the deadline");
        }
    }

    @Test
    void theFirstMemberWaitsForMembersThatJoinedLater() {
        try (EmbeddedCluster cluster = withoutBackups(1);
                TensorParallelMoe moe = deploy(cluster.member(0), Exchange.REDUCE, Duration.ofSeconds(3))) {
            HazelcastInstance first = cluster.member(0);
            cluster.addMember();
            cluster.addMember();
            Awaitility.await().until(() -> shards(first).members() == 3);
            Awaitility.await().until(() -> moe.status().ranksByMember().size() > 1);
            Awaitility.await().until(() -> first.getPartitionService().isClusterSafe());
            // It still holds packed what it had when it was alone, and would answer for all ranks with that.
            Worker.of(first).answer(0, new WorkerRequest.Release(shards(first).deployment()), Deadline.inMillis(1_000));
            cluster.member(1).getLifecycleService().terminate();
            cluster.member(2).getLifecycleService().terminate();
            assertThatThrownBy(() -> moe.forward(ROWS))
                    .isInstanceOf(ForwardFailedException.class)
                    .isNotInstanceOf(WeightsLostException.class);
        }
    }

    @Test
    void aMemberThatIsLeftAloneWithoutTheRecordDoesNotReportAMissingModel() {
        UnaryOperator<Config> oneCopyOfAll = config -> {
            config.getMapConfig(GridNames.MODELS).setBackupCount(0);
            // with backups of the shards, two losses one after the other may leave the last member all of them
            config.getMapConfig(GridNames.SHARDS).setBackupCount(0);
            return config;
        };
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3, oneCopyOfAll)) {
            HazelcastInstance alone = cluster.member(0);
            String elsewhere = Stream.iterate(0, i -> i + 1)
                    .map(i -> "ranker-" + i)
                    .filter(name -> !alone.getPartitionService()
                            .getPartition(name)
                            .getOwner()
                            .localMember())
                    .findFirst()
                    .orElseThrow();
            try (TensorParallelMoe moe = TensorParallelMoe.builder(WEIGHTS)
                    .calling(CallerOptions.defaults().withDeadline(Duration.ofSeconds(3)))
                    .deploy(alone, elsewhere)) {
                UUID id = ((ModelRecord) alone.getMap(GridNames.MODELS).get(elsewhere)).id();
                cluster.member(1).getLifecycleService().terminate();
                cluster.member(2).getLifecycleService().terminate();
                assertThatThrownBy(() -> moe.forward(ROWS))
                        .isInstanceOf(ForwardFailedException.class)
                        .hasMessageContaining("times before the deadline");
                new Removals(alone).add(id);
                assertThatThrownBy(() -> moe.forward(ROWS)).isInstanceOf(ModelNotFoundException.class);
            }
        }
    }

    private static ShardSet shards(HazelcastInstance hazelcast) {
        return ((ModelRecord) hazelcast.getMap(GridNames.MODELS).get("ranker")).shards();
    }

    private static EmbeddedCluster withoutBackups() {
        return withoutBackups(3);
    }

    private static EmbeddedCluster withoutBackups(int members) {
        return EmbeddedCluster.start(members, config -> {
            config.getUserContext().put(Timings.KEY, Timings.withRebalance(30).looking(Duration.ofMillis(100)));
            config.getMapConfig(GridNames.SHARDS).setBackupCount(0);
            return config;
        });
    }

    private static TensorParallelMoe deploy(HazelcastInstance hazelcast, Exchange exchange, Duration deadline) {
        return TensorParallelMoe.builder(WEIGHTS)
                .topK(Models.TOP_K)
                .ranks(10)
                .exchange(exchange)
                .calling(CallerOptions.defaults().withDeadline(deadline))
                .deploy(hazelcast, "ranker");
    }
}
