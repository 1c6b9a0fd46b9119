package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.spi.properties.ClusterProperty;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.deploying.Placement;
import org.expertgrid.cluster.deploying.Rebalance;
import org.expertgrid.cluster.deploying.Undeployment;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.errors.ModelNotReadyException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.ExpertRange;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.shards.ShardMap;
import org.expertgrid.cluster.status.ModelHealth;
import org.expertgrid.cluster.upkeep.AbandonedWork;
import org.expertgrid.cluster.upkeep.Draining;
import org.expertgrid.cluster.upkeep.Timings;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that come and go while rows are forwarded, and work that a process leaves half done. */
@Tag("slow")
class ElasticityTest {
    private static final MoeWeights WEIGHTS = Models.weights(ElementType.FLOAT64);
    private static final Matrix ROWS = Models.rows(40, ElementType.FLOAT64);
    private static final Matrix EXPECTED = Models.expected(WEIGHTS, Models.TOP_K, ROWS);
    /** Ten ranks of five experts of two weights, a tile each. */
    private static final int SHARDS = 10 * 5 * 2;

    @Test
    void aMemberThatJoinsUnderLoadIsGivenItsRanksAndTheOldShardsGo() {
        try (EmbeddedCluster cluster = rebalancingAfter(1, 2)) {
            HazelcastInstance client = cluster.connect();
            try (TensorParallelMoe moe = deploy(client);
                    TensorParallelMoe another = TensorParallelMoe.connect(cluster.member(1), "ranker");
                    Load load = Load.on(moe, ROWS, EXPECTED);
                    Load anotherLoad = Load.on(another, ROWS, EXPECTED)) {
                cluster.addMember();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(counts(moe))
                                .hasSize(3)
                                .allSatisfy(count -> assertThat(count).isBetween(2, 4)));
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(shards(client)).isEqualTo(SHARDS));
                load.awaitForwards(20);
                anotherLoad.awaitForwards(20);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(another.status().ranksByMember())
                                .isEqualTo(moe.status().ranksByMember()));
            } finally {
                client.shutdown();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMemberThatIsDrainedUnderLoadFailsNoForward(boolean callerIsAMember) {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            HazelcastInstance caller = callerIsAMember ? cluster.member(0) : cluster.connect();
            try (TensorParallelMoe moe = deploy(caller);
                    Load load = Load.on(moe, ROWS, EXPECTED)) {
                Draining.drain(cluster.member(1), Duration.ofSeconds(10));
                load.awaitForwards(20);
                Awaitility.await()
                        .untilAsserted(
                                () -> assertThat(moe.status().ranksByMember()).hasSize(2));
                assertThat(shards(caller)).isEqualTo(SHARDS);
            } finally {
                if (!callerIsAMember) {
                    caller.shutdown();
                }
            }
        }
    }

    @Test
    void theLastMemberCanBeDrainedToo() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            Draining.drain(cluster.member(0), Duration.ofSeconds(5));
            assertThat(cluster.member(0).getLifecycleService().isRunning()).isFalse();
        }
    }

    @Test
    void ranksThatAreEvenStayWhereTheyAre() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                TensorParallelMoe moe = deploy(cluster.member(0))) {
            Map<String, List<Integer>> before = moe.status().ranksByMember();
            assertThat(moe.rebalance()).isFalse();
            assertThat(moe.status().ranksByMember()).isEqualTo(before);
        }
    }

    @Test
    void ranksAreSpreadAnewOnRequestAndForwardsOfOldHandlesGoOn() {
        try (EmbeddedCluster cluster = unevenAfterTheSecondMember();
                TensorParallelMoe moe = deploy(cluster.member(0))) {
            HazelcastInstance second = cluster.addMember();
            Awaitility.await().until(() -> second.getPartitionService().isClusterSafe());
            try (TensorParallelMoe other = TensorParallelMoe.connect(second, "ranker")) {
                try (Load load = Load.on(moe, ROWS, EXPECTED)) {
                    assertThat(other.rebalance()).isTrue();
                    load.awaitForwards(5);
                }
                assertThat(counts(moe)).containsExactly(5, 5);
                assertThat(shards(second)).isEqualTo(SHARDS);
                other.undeploy();
            }
        }
    }

    @Test
    void aClientThatDiesWhileItDeploysLeavesNothingAndItsNameIsFreeAgain() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance dyingClient = cluster.connect();
            CountDownLatch halfWay = new CountDownLatch(1);
            CountDownLatch dead = new CountDownLatch(1);
            // so large that the first ones are written before the last is read
            MoeWeights large = Models.weights(new MoeShape(300, 300, 300, 4), ElementType.FLOAT64);
            MoeWeights dying = new ObservedWeights(large, expert -> {
                if (expert == 3) {
                    halfWay.countDown();
                    await(dead);
                }
            });
            CompletableFuture<Void> deployment = CompletableFuture.runAsync(
                    () -> TensorParallelMoe.builder(dying).ranks(10).deploy(dyingClient, "ranker"),
                    task -> new Thread(task, "dying client").start());
            await(halfWay);
            HazelcastInstance member = cluster.member(0);
            assertThatThrownBy(() -> TensorParallelMoe.connect(member, "ranker"))
                    .isInstanceOf(ModelNotReadyException.class);
            Awaitility.await().until(() -> shards(member) > 0);
            dyingClient.shutdown();
            dead.countDown();
            assertThatThrownBy(deployment::join).isNotNull();
            clearUp(member);
            assertThat(shards(member)).isZero();
            try (TensorParallelMoe moe = deploy(member)) {
                assertThat(moe.forward(ROWS)).isEqualTo(EXPECTED);
            }
        }
    }

    @Test
    void aMoveThatDiesHalfWayIsClearedUpWhileTheModelAnswers() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                TensorParallelMoe moe = deploy(cluster.member(1))) {
            HazelcastInstance member = cluster.member(0);
            ModelRecord record = record(cluster);
            ModelRecord moving = record.movingTo(new Placement(member).place(10));
            member.getMap(GridNames.MODELS).set("ranker", moving);
            new ShardMap(member)
                    .copy(
                            moving.definition(),
                            moving.shards(),
                            moving.next(),
                            moving.definition().layer(0),
                            new ExpertRange(0, 1));
            assertThat(moe.health().rebalancing()).isTrue();
            assertThatThrownBy(() -> new Rebalance(member, "ranker").run(part -> {}))
                    .isInstanceOf(ModelNotReadyException.class)
                    .hasMessageContaining("being moved already");
            clearUp(member);
            assertThat(shards(member)).isEqualTo(SHARDS);
            assertThat(record(cluster).isUnfinished()).isFalse();
            assertThat(moe.forward(ROWS)).isEqualTo(EXPECTED);
        }
    }

    @Test
    void aRemovalThatDiesHalfWayIsFinished() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                TensorParallelMoe moe = deploy(cluster.member(1))) {
            HazelcastInstance member = cluster.member(0);
            member.getMap(GridNames.MODELS).set("ranker", record(cluster).removing());
            assertThatThrownBy(() -> TensorParallelMoe.connect(member, "ranker"))
                    .isInstanceOf(ModelNotFoundException.class);
            clearUp(member);
            assertThat(shards(member)).isZero();
            assertThat(member.getMap(GridNames.MODELS).size()).isZero();
            assertThatThrownBy(() -> moe.forward(ROWS)).isInstanceOf(ModelNotFoundException.class);
        }
    }

    @Test
    void aRemovalOfARecordThatHasChangedSinceItWasLookedAtRemovesNothing() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1);
                TensorParallelMoe moe = deploy(cluster.member(0))) {
            ModelRecord ready = record(cluster);
            ModelRecord seen = ModelRecord.deploying(ready.definition(), ready.shards());
            assertThat(new Undeployment(cluster.member(0), "ranker").remove(seen))
                    .isFalse();
            assertThat(moe.forward(ROWS)).isEqualTo(EXPECTED);
        }
    }

    @Test
    void aModelWhoseOldShardsAreStillThereIsNotMovedAgain() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1);
                TensorParallelMoe moe = deploy(cluster.member(0))) {
            HazelcastInstance member = cluster.member(0);
            ModelRecord switched =
                    record(cluster).movingTo(record(cluster).shards()).switched();
            member.getMap(GridNames.MODELS).set("ranker", switched);
            assertThatThrownBy(moe::rebalance)
                    .isInstanceOf(ModelNotReadyException.class)
                    .hasMessageContaining("being moved already");
        }
    }

    @Test
    void membersWithoutPartitionsDoNotHaveAModelMovedInVain() {
        UnaryOperator<Config> onePartition = config -> config.setProperty("hazelcast.partition.count", "1");
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2, onePartition);
                TensorParallelMoe moe = deploy(cluster.member(0))) {
            ShardSet before = record(cluster).shards();
            AbandonedWork abandonedWork = new AbandonedWork(cluster.member(0), Duration.ZERO, Duration.ZERO);
            for (int round = 0; round < 4; round++) {
                abandonedWork.round();
            }
            assertThat(record(cluster).shards()).isEqualTo(before);
            assertThat(moe.forward(ROWS)).isEqualTo(EXPECTED);
        }
    }

    @Test
    void healthNamesTheMemberOfEachRankAndWhetherBackupsAreComplete() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                TensorParallelMoe moe = deploy(cluster.member(0))) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(moe.health().isWell()).isTrue());
            assertThat(moe.health().ranks())
                    .hasSize(10)
                    .extracting(ModelHealth.RankHealth::member)
                    .containsOnly(moe.status().ranksByMember().keySet().toArray(String[]::new));
            cluster.member(1).getLifecycleService().terminate();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(moe.health().unserved()).isEmpty());
            assertThat(moe.health().backupsComplete()).isFalse();
            assertThat(moe.health().isWell()).isFalse();
        }
    }

    /** Does the cleanup of a member, without the half minute that a member waits. */
    private static void clearUp(HazelcastInstance member) {
        AbandonedWork abandonedWork = new AbandonedWork(member, Duration.ofSeconds(-1), Duration.ZERO);
        abandonedWork.round();
        abandonedWork.round();
        abandonedWork.round();
    }

    private static EmbeddedCluster rebalancingAfter(int seconds, int members) {
        return EmbeddedCluster.start(members, config -> {
            config.getUserContext()
                    .put(Timings.KEY, Timings.withRebalance(seconds).looking(Duration.ofMillis(100)));
            return config;
        });
    }

    /** One member that has three partitions, with 4, 3 and 3 of ten ranks: whichever ones it gives away, it is not half of the ranks. */
    private static EmbeddedCluster unevenAfterTheSecondMember() {
        return EmbeddedCluster.start(
                1,
                config -> config.setProperty(ClusterProperty.PARTITION_COUNT.getName(), "3")
                        .setProperty(ExpertgridConfig.REBALANCE_SECONDS, "-1"));
    }

    private static TensorParallelMoe deploy(HazelcastInstance hazelcast) {
        return TensorParallelMoe.builder(WEIGHTS)
                .topK(Models.TOP_K)
                .ranks(10)
                .exchange(Exchange.CONCAT)
                .deploy(hazelcast, "ranker");
    }

    private static ModelRecord record(EmbeddedCluster cluster) {
        return (ModelRecord) cluster.member(0).getMap(GridNames.MODELS).get("ranker");
    }

    private static int shards(HazelcastInstance hazelcast) {
        return hazelcast.getMap(GridNames.SHARDS).size();
    }

    private static List<Integer> counts(TensorParallelMoe moe) {
        return moe.status().ranksByMember().values().stream().map(List::size).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
