package org.expertgrid.cluster.shards;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.status.MemberStatus;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.WeightTile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One copy of the weights: what members compute with is what the records of the map hold. */
@Tag("slow")
class HeldTilesTest {
    private static final int RANKS = 6;
    private static final MoeWeights WEIGHTS = Models.weights(ElementType.FLOAT32);
    private static final Matrix X = Models.rows(9, ElementType.FLOAT32);
    private static final Matrix EXPECTED = Models.expected(WEIGHTS, Models.TOP_K, RANKS, X);

    @Test
    void ownerAndBackupHoldTheObjectsOfTheirRecordsFromDeployingOn() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                TensorParallelMoe moe = deploy(cluster.member(0))) {
            List<ShardKey> keys = keys(cluster.member(0));
            for (HazelcastInstance member : cluster.members()) {
                Map<ShardKey, WeightTile> before = held(member, keys);
                assertThat(before).hasSameSizeAs(keys);
                // Collecting again hands over the same objects, so the map made no copies of them.
                keys.forEach(key -> tiles(cluster.member(0)).executeOnKey(key, new TileCollector(true)));
                held(member, keys).forEach((key, tile) -> assertThat(tile).isSameAs(before.get(key)));
            }
            assertThat(moe.forward(X)).isEqualTo(EXPECTED);
        }
    }

    /** Hazelcast may fill a backup again without telling of it: the tiles of before are garbage then. */
    @Test
    void aHolderWhoseTilesAreGoneGetsThemAgain() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                TensorParallelMoe moe = deploy(cluster.member(0))) {
            List<ShardKey> keys = keys(cluster.member(0));
            for (HazelcastInstance member : cluster.members()) {
                HeldTiles.in(member).forget(keys.get(0).deployment());
                Awaitility.await().until(() -> held(member, keys).size() == keys.size());
            }
            assertThat(moe.forward(X)).isEqualTo(EXPECTED);
        }
    }

    @Test
    void aPromotedBackupAnswersWithTheTilesThatItHeldBefore() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                TensorParallelMoe moe = deploy(cluster.member(0))) {
            List<ShardKey> keys = keys(cluster.member(0));
            Map<ShardKey, WeightTile> before = held(cluster.member(0), keys);
            cluster.member(1).getLifecycleService().terminate();
            assertThat(moe.forward(X)).isEqualTo(EXPECTED);
            assertThat(held(cluster.member(0), keys)).hasSameSizeAs(keys);
            held(cluster.member(0), keys)
                    .forEach((key, tile) -> assertThat(tile).isSameAs(before.get(key)));
        }
    }

    @Test
    void tilesOfRecordsThatMovedAwayAreFreed() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                TensorParallelMoe moe = deploy(cluster.member(0))) {
            int tiles = keys(cluster.member(0)).size();
            cluster.addMember();
            Awaitility.await().untilAsserted(() -> {
                System.gc();
                assertThat(moe.forward(X)).isEqualTo(EXPECTED);
                assertThat(Connection.of(cluster.member(0)).status().members())
                        .extracting(MemberStatus::tiles)
                        .satisfies(each -> assertThat(each.stream()
                                        .mapToInt(Integer::intValue)
                                        .sum())
                                .isEqualTo(2 * tiles))
                        .doesNotContain(0);
            });
        }
    }

    @Test
    void anUndeployedModelIsForgotten() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                TensorParallelMoe moe = deploy(cluster.member(0))) {
            List<ShardKey> keys = keys(cluster.member(0));
            moe.undeploy();
            for (HazelcastInstance member : cluster.members()) {
                assertThat(held(member, keys)).isEmpty();
            }
        }
    }

    private static TensorParallelMoe deploy(HazelcastInstance member) {
        return TensorParallelMoe.builder(WEIGHTS)
                .topK(Models.TOP_K)
                .ranks(RANKS)
                .deploy(member, "ranker");
    }

    private static IMap<ShardKey, WeightTile> tiles(HazelcastInstance member) {
        return member.getMap(GridNames.SHARDS);
    }

    private static List<ShardKey> keys(HazelcastInstance member) {
        ModelRecord record = (ModelRecord) member.getMap(GridNames.MODELS).get("ranker");
        List<ShardKey> keys = new ArrayList<>();
        for (int rank = 0; rank < RANKS; rank++) {
            record.shards().forEachKey(record.definition(), rank, keys::add);
        }
        return keys;
    }

    private static Map<ShardKey, WeightTile> held(HazelcastInstance member, List<ShardKey> keys) {
        HeldTiles tiles = HeldTiles.in(member);
        Map<ShardKey, WeightTile> held = new HashMap<>();
        for (ShardKey key : keys) {
            WeightTile tile = tiles.get(key);
            if (tile != null) {
                held.put(key, tile);
            }
        }
        return held;
    }
}
