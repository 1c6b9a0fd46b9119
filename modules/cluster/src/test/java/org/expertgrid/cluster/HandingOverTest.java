package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.WorkerRequest.LayerId;
import org.expertgrid.cluster.WorkerRequest.Rank;
import org.expertgrid.experts.MoeShape;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.junit.jupiter.api.Test;

/** Ranks that go from one member to another without anybody waiting for weights to be packed. */
class HandingOverTest {
    private static final int RANKS = 60;
    private static final MoeShape SHAPE = new MoeShape(8, RANKS, 8, 2);
    private static final long HEAP = 1_000_000_000;
    private static final HeapRoom ROOMY = new HeapRoom(() -> 0, HEAP);

    @Test
    void ranksAreAskedOfWhoHoldsThemUntilTheirNewOwnersHavePackedThem() {
        try (EmbeddedCluster cluster = neverRebalancing(2)) {
            HazelcastInstance client = cluster.connect();
            ShardSet set = deploy(cluster);
            Holders holders = new Holders(client);
            Map<Member, List<Rank>> before = assignAndMoveAway(holders, set, client, cluster);

            assertThat(assign(holders, set)).isEqualTo(before);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(assign(holders, set)).isEqualTo(owners(client, set)));
            Member gone = cluster.member(2).getCluster().getLocalMember();
            cluster.member(2).getLifecycleService().terminate();
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(assign(holders, set)).hasSize(2).doesNotContainKey(gone));
            client.shutdown();
        }
    }

    @Test
    void whatAMemberForgotToPackItIsToldAgain() {
        try (EmbeddedCluster cluster = neverRebalancing(2)) {
            HazelcastInstance client = cluster.connect();
            ShardSet set = deploy(cluster);
            AtomicInteger told = new AtomicInteger();
            HazelcastInstance forgetting = WatchedTasks.of(client, (task, member) -> told.incrementAndGet() > 1);
            Holders holders = new Holders(forgetting, 500);
            assignAndMoveAway(holders, set, client, cluster);

            Awaitility.await()
                    .untilAsserted(() -> assertThat(assign(holders, set)).isEqualTo(owners(client, set)));
            assertThat(told.get()).isGreaterThan(1);
            client.shutdown();
        }
    }

    @Test
    void aMemberThatRefusedIsNotAskedAgainForWhatAnotherOwns() {
        try (EmbeddedCluster cluster = neverRebalancing(2)) {
            HazelcastInstance member = cluster.member(0);
            ShardSet set = deploy(cluster);
            Holders holders = new Holders(member);
            Member wrong = member.getCluster().getLocalMember();
            holders.answered(set.deployment(), set.ranks(), wrong);
            assertThat(assign(holders, set)).containsOnlyKeys(wrong);
            holders.refused(set.deployment(), set.ranks(), wrong);
            assertThat(assign(holders, set)).isEqualTo(owners(member, set));
        }
    }

    @Test
    void whatAMemberHoldsIsNotPackedAgainWhenNeighboursComeAndIsMergedLater() {
        try (EmbeddedCluster cluster = neverRebalancing(1)) {
            HazelcastInstance member = cluster.member(0);
            ShardSet set = deploy(cluster);
            List<Rank> ranks = set.ranks();
            LayerId layer = new LayerId(set.deployment(), 0, MatrixRole.FC1, Cut.COLUMNS);
            PackedSlices slices = new PackedSlices(member, Kernels.best(), Runnable::run, ROOMY);

            List<Rank> all = ranks.subList(2, 9);
            assertThat(slices.pieces(layer, all)).containsExactly(all);
            slices.get(layer, ranks.subList(3, 6), Deadline.inMillis(5_000));
            slices.get(layer, ranks.subList(7, 8), Deadline.inMillis(5_000));
            slices.get(layer, ranks.subList(8, 12), Deadline.inMillis(5_000));
            assertThat(slices.pieces(layer, all))
                    .containsExactly(
                            ranks.subList(2, 3),
                            ranks.subList(3, 6),
                            ranks.subList(6, 7),
                            ranks.subList(7, 8),
                            ranks.subList(8, 9));

            SliceMerger merger = new SliceMerger(member, slices, Duration.ZERO);
            merger.want(set.deployment(), all);
            merger.merge();
            assertThat(slices.pieces(layer, all)).containsExactly(all);
        }
    }

    @Test
    void whereThereIsNoRoomForBothPiecesAreNotMerged() {
        try (EmbeddedCluster cluster = neverRebalancing(1)) {
            HazelcastInstance member = cluster.member(0);
            ShardSet set = deploy(cluster);
            List<Rank> pair = set.ranks().subList(2, 4);
            LayerId layer = new LayerId(set.deployment(), 0, MatrixRole.FC1, Cut.COLUMNS);
            AtomicLong living = new AtomicLong();
            PackedSlices slices =
                    new PackedSlices(member, Kernels.best(), Runnable::run, new HeapRoom(living::get, HEAP));
            pair.forEach(rank -> slices.get(layer, List.of(rank), Deadline.inMillis(5_000)));
            SliceMerger merger = new SliceMerger(member, slices, Duration.ZERO);

            living.set(HEAP);
            merger.want(set.deployment(), pair);
            merger.merge();
            assertThat(slices.pieces(layer, pair)).hasSize(2);

            living.set(0);
            merger.want(set.deployment(), pair);
            merger.merge();
            assertThat(slices.pieces(layer, pair)).containsExactly(pair);
        }
    }

    @Test
    void whatIsNotNeededIsDroppedSoonerWhereMemoryIsShort() {
        try (EmbeddedCluster cluster = neverRebalancing(1)) {
            HazelcastInstance member = cluster.member(0);
            ShardSet set = deploy(cluster);
            List<Rank> pair = set.ranks().subList(2, 4);
            LayerId layer = new LayerId(set.deployment(), 0, MatrixRole.FC1, Cut.COLUMNS);
            AtomicLong living = new AtomicLong();
            PackedSlices slices =
                    new PackedSlices(member, Kernels.best(), Runnable::run, new HeapRoom(living::get, HEAP));
            slices.get(layer, pair.subList(0, 1), Deadline.inMillis(5_000));
            slices.get(layer, pair, Deadline.inMillis(5_000));
            slices.sweep();
            assertThat(slices.count()).isEqualTo(3);

            living.set(HEAP);
            // Not what has been asked for a moment ago, and never what has nothing in its place.
            Awaitility.await().during(500, TimeUnit.MILLISECONDS).until(() -> sweptTo(slices) == 3);
            Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> sweptTo(slices) == 2);
            Awaitility.await().during(500, TimeUnit.MILLISECONDS).until(() -> sweptTo(slices) == 2);
        }
    }

    @Test
    void weightsThatThereIsNoMemoryForAreAskedForAgain() {
        try (EmbeddedCluster cluster = neverRebalancing(1)) {
            HazelcastInstance member = cluster.member(0);
            ShardSet set = deploy(cluster);
            List<Rank> pair = set.ranks().subList(2, 4);
            LayerId layer = new LayerId(set.deployment(), 0, MatrixRole.FC1, Cut.COLUMNS);
            AtomicBoolean full = new AtomicBoolean(true);
            PackedSlices slices = new PackedSlices(member, packingUnless(full), Runnable::run, ROOMY);

            PackedSlices.Slice none = slices.get(layer, pair, Deadline.inMillis(5_000));
            assertThat(none.status()).isEqualTo(RankStatus.BUSY);
            assertThat(none.message()).isEqualTo("out of memory");

            full.set(false);
            assertThat(slices.get(layer, pair, Deadline.inMillis(5_000)).status())
                    .isEqualTo(RankStatus.OK);
        }
    }

    private static Kernels packingUnless(AtomicBoolean full) {
        Kernels best = Kernels.best();
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    if (full.get()) {
                        throw new OutOfMemoryError("the heap is full");
                    }
                    return method.invoke(best, arguments);
                });
    }

    private static ModelRecord record(HazelcastInstance member) {
        return (ModelRecord) member.getMap(ExpertgridConfig.MODELS).get("ranker");
    }

    private static int sweptTo(PackedSlices slices) {
        slices.sweep();
        return slices.count();
    }

    private static Map<Member, List<Rank>> assign(Holders holders, ShardSet set) {
        return holders.assign(set, set.ranks(), rank -> {
            throw new AssertionError(rank + " has no owner");
        });
    }

    /** Has everybody answer for what he owns, which a third member then takes some of; returns who is asked for what before. */
    private static Map<Member, List<Rank>> assignAndMoveAway(
            Holders holders, ShardSet set, HazelcastInstance client, EmbeddedCluster cluster) {
        // Clients are told a moment after they have connected.
        Awaitility.await().until(() -> set.ranks().stream().allMatch(rank -> owner(client, rank) != null));
        Map<Member, List<Rank>> before = assign(holders, set);
        before.forEach((member, ranks) -> holders.answered(set.deployment(), ranks, member));
        cluster.addMember();
        Awaitility.await()
                .until(() -> owners(client, set).size() == 3
                        && cluster.member(0).getPartitionService().isClusterSafe());
        return before;
    }

    private static Map<Member, List<Rank>> owners(HazelcastInstance hazelcast, ShardSet set) {
        return set.ranks().stream().collect(Collectors.groupingBy(rank -> owner(hazelcast, rank)));
    }

    private static Member owner(HazelcastInstance hazelcast, Rank rank) {
        return hazelcast.getPartitionService().getPartition(rank.partitionKey()).getOwner();
    }

    private static EmbeddedCluster neverRebalancing(int members) {
        return EmbeddedCluster.start(members, config -> config.setProperty(ExpertgridConfig.REBALANCE_SECONDS, "-1"));
    }

    private static ShardSet deploy(EmbeddedCluster cluster) {
        HazelcastInstance member = cluster.member(0);
        TensorParallelMoe.builder(Models.weights(SHAPE, ElementType.FLOAT64))
                .ranks(RANKS)
                .deploy(member, "ranker")
                .close();
        return record(member).shards();
    }
}
