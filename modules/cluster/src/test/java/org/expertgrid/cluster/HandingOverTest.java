package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.dispatch.RankOwners;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ranks that go from one member to another without anybody waiting for weights to be packed. */
@Tag("slow")
class HandingOverTest {
    private static final int RANKS = 60;
    private static final MoeShape SHAPE = new MoeShape(8, RANKS, 8, 2);

    @Test
    void ranksAreAskedOfWhoHoldsThemUntilTheirNewOwnersHavePackedThem() {
        try (EmbeddedCluster cluster = neverRebalancing(2)) {
            HazelcastInstance client = cluster.connect();
            ShardSet set = deploy(cluster);
            RankOwners holders = new RankOwners(client);
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
            RankOwners holders = new RankOwners(forgetting, 500);
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
            RankOwners holders = new RankOwners(member);
            Member wrong = member.getCluster().getLocalMember();
            holders.answered(set.deployment(), set.ranks(), wrong);
            assertThat(assign(holders, set)).containsOnlyKeys(wrong);
            holders.refused(set.deployment(), set.ranks(), wrong);
            assertThat(assign(holders, set)).isEqualTo(owners(member, set));
        }
    }

    private static ModelRecord record(HazelcastInstance member) {
        return (ModelRecord) member.getMap(GridNames.MODELS).get("ranker");
    }

    private static Map<Member, List<Rank>> assign(RankOwners holders, ShardSet set) {
        return holders.assign(set, set.ranks(), rank -> {
            throw new AssertionError(rank + " has no owner");
        });
    }

    /** Has everybody answer for what he owns, which a third member then takes some of; returns who is asked for what before. */
    private static Map<Member, List<Rank>> assignAndMoveAway(
            RankOwners holders, ShardSet set, HazelcastInstance client, EmbeddedCluster cluster) {
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
