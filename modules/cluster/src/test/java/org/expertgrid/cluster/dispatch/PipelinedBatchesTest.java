package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.spi.impl.SerializationServiceSupport;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.WatchedTasks;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes to a member is allocated there when it arrives: no batch may be larger than a member. */
@Tag("slow")
class PipelinedBatchesTest {
    private static final MoeShape SHAPE = new MoeShape(400, 30, 400, 1);
    private static final MoeWeights WEIGHTS = Models.weights(SHAPE, ElementType.FLOAT64);
    /** 16 MB, which are four pieces, and as much when they come back. */
    private static final Matrix ROWS = Models.rows(5_000, SHAPE.inputDim(), ElementType.FLOAT64);
    /** A piece, and what is said about it. */
    private static final int LARGEST_TASK = (4 << 20) + 1_000;

    private static EmbeddedCluster cluster;
    private static HazelcastInstance client;

    @BeforeAll
    static void startMembersAndAClient() {
        cluster = EmbeddedCluster.start(2);
        client = cluster.connect();
    }

    @AfterAll
    static void stopThem() {
        client.shutdown();
        cluster.close();
    }

    @Test
    void aLargeBatchGoesInPiecesAndKeepsItsBits() {
        Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
        SerializationService serialization = ((SerializationServiceSupport) client).getSerializationService();
        HazelcastInstance measured = WatchedTasks.of(
                client, (task, member) -> sizes.add(serialization.toData(task).totalSize()));
        CallerOptions frugal = CallerOptions.defaults().withBytesOnTheirWay(10 << 20);
        try (TensorParallelMoe deployed = TensorParallelMoe.builder(WEIGHTS)
                        .exchange(Exchange.CONCAT)
                        .deploy(client, "ranker");
                TensorParallelMoe moe = TensorParallelMoe.connect(measured, "ranker", frugal)) {
            assertThat(moe.forward(ROWS)).isEqualTo(Models.expected(WEIGHTS, 1, ROWS));
            // Two members, two layers; a late answer is asked for again.
            assertThat(sizes).hasSizeGreaterThanOrEqualTo(2 * 2 * 4).allMatch(size -> size <= LARGEST_TASK);
            deployed.undeploy();
        }
    }
}
