package org.expertgrid.cluster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.Cut;
import org.expertgrid.cluster.layout.LayerId;
import org.expertgrid.cluster.layout.MatrixRole;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.PackedWeights;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a member holds packed: which neighbours as one slice, for how long, and what where memory is short. */
class PackedSlicesTest {
    private static final int RANKS = 60;
    private static final MoeShape SHAPE = new MoeShape(8, RANKS, 8, 2);
    private static final long HEAP = 1_000_000_000;

    private static EmbeddedCluster cluster;
    private static HazelcastInstance member;
    private static ShardSet set;
    private static List<Rank> ranks;
    private static List<Rank> pair;
    private static LayerId layer;

    private final AtomicLong living = new AtomicLong();
    private final PackedSlices slices = slices(LinearWeights::packed);

    @BeforeAll
    static void deploy() {
        cluster = EmbeddedCluster.start(1);
        member = cluster.member(0);
        TensorParallelMoe.builder(Models.weights(SHAPE, ElementType.FLOAT64))
                .ranks(RANKS)
                .deploy(member, "ranker")
                .close();
        set = ((ModelRecord) member.getMap(GridNames.MODELS).get("ranker")).shards();
        ranks = set.ranks();
        pair = ranks.subList(2, 4);
        layer = new LayerId(set.deployment(), 0, MatrixRole.FC1, Cut.COLUMNS);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private PackedSlices slices(Function<LinearWeights, PackedWeights> packing) {
        return new PackedSlices(member, packing, Runnable::run, new HeapRoom(living::get, HEAP));
    }

    private static PackedSlices.Slice get(PackedSlices slices, List<Rank> run) {
        return slices.get(layer, run, Deadline.inMillis(5_000));
    }

    private void merge(List<Rank> run) {
        SliceMerger merger = new SliceMerger(member, slices, Duration.ZERO);
        merger.want(set.deployment(), run);
        merger.merge();
    }

    @Test
    void whatIsHeldIsNotPackedAgainWhenNeighboursComeAndIsMergedLater() {
        List<Rank> all = ranks.subList(2, 9);
        assertThat(slices.pieces(layer, all)).containsExactly(all);
        get(slices, ranks.subList(3, 6));
        get(slices, ranks.subList(7, 8));
        get(slices, ranks.subList(8, 12));
        assertThat(slices.pieces(layer, all))
                .containsExactly(
                        ranks.subList(2, 3),
                        ranks.subList(3, 6),
                        ranks.subList(6, 7),
                        ranks.subList(7, 8),
                        ranks.subList(8, 9));

        merge(all);
        assertThat(slices.pieces(layer, all)).containsExactly(all);
    }

    @Test
    void whereThereIsNoRoomForBothPiecesAreNotMerged() {
        pair.forEach(rank -> get(slices, List.of(rank)));
        living.set(HEAP);
        merge(pair);
        assertThat(slices.pieces(layer, pair)).hasSize(2);

        living.set(0);
        merge(pair);
        assertThat(slices.pieces(layer, pair)).containsExactly(pair);
    }

    @Test
    void whatIsNotNeededIsDroppedSoonerWhereMemoryIsShort() {
        get(slices, pair.subList(0, 1));
        get(slices, pair);
        slices.sweep();
        assertThat(slices.count()).isEqualTo(3);

        living.set(HEAP);
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> sweptTo() == 2);
        // What has nothing in its place stays, however short memory is.
        Awaitility.await().during(500, TimeUnit.MILLISECONDS).until(() -> sweptTo() == 2);
    }

    private int sweptTo() {
        slices.sweep();
        return slices.count();
    }

    @Test
    void weightsThatThereIsNoMemoryForAreAskedForAgain() {
        AtomicBoolean full = new AtomicBoolean(true);
        PackedSlices tight = slices(packingUnless(full));

        PackedSlices.Slice none = get(tight, pair);
        assertThat(none.status()).isEqualTo(RankStatus.BUSY);
        assertThat(none.message()).isEqualTo("out of memory");

        full.set(false);
        assertThat(get(tight, pair).status()).isEqualTo(RankStatus.OK);
    }

    private static Function<LinearWeights, PackedWeights> packingUnless(AtomicBoolean full) {
        return weights -> {
            if (full.get()) {
                throw new OutOfMemoryError("the heap is full");
            }
            return weights.packed();
        };
    }
}
