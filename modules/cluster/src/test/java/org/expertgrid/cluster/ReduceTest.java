package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** REDUCE adds the shares of ranks in a fixed tree: the bits depend on the number of ranks alone. */
@Tag("slow")
class ReduceTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anyRanksOnAnyMembersGiveTheBitsOfAsManyRanksInOneJvm(int members) {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(members)) {
            HazelcastInstance client = cluster.connect();
            for (ElementType type : ElementType.values()) {
                MoeWeights weights = Models.weights(type);
                Matrix x = Models.rows(33, type);
                Matrix expected = Models.expected(weights, Models.TOP_K, x);
                for (int ranks = 1; ranks <= 29; ranks += 4) {
                    Matrix bits = Models.expected(weights, Models.TOP_K, ranks, x);
                    try (TensorParallelMoe ofClient = deploy(client, weights, ranks);
                            TensorParallelMoe ofMember =
                                    TensorParallelMoe.connect(cluster.member(members - 1), "ranker")) {
                        Matrix y = ofClient.forward(x);
                        assertClose(y, expected, type);
                        assertThat(y).isEqualTo(bits);
                        // Who asks, and what rows stand beside a row, changes no bit.
                        assertThat(ofMember.forward(x)).isEqualTo(y);
                        assertThat(ofMember.forward(x.rowRange(7, 8))).isEqualTo(y.rowRange(7, 8));
                        ofClient.undeploy();
                    }
                }
            }
            client.shutdown();
        }
    }

    @Test
    void oneRankGivesTheBitsOfBatchedMoe() {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        Matrix x = Models.rows(33, ElementType.FLOAT64);
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1);
                TensorParallelMoe moe = deploy(cluster.member(0), weights, 1)) {
            assertThat(moe.forward(x)).isEqualTo(Models.expected(weights, Models.TOP_K, x));
        }
    }

    @Test
    void aBatchThatGoesInPiecesHasTheBitsOfItsRowsAlone() {
        MoeShape shape = new MoeShape(700, 8, 6, 3);
        MoeWeights weights = Models.weights(shape, ElementType.FLOAT64);
        Matrix x = Models.rows(2000, 700, ElementType.FLOAT64);
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                TensorParallelMoe moe = deploy(cluster.member(0), weights, 4)) {
            Matrix y = moe.forward(x);
            for (int row = 0; row < x.rows(); row += 250) {
                assertThat(moe.forward(x.rowRange(row, row + 250))).isEqualTo(y.rowRange(row, row + 250));
            }
            assertClose(y, Models.expected(weights, Models.TOP_K, x), ElementType.FLOAT64);
        }
    }

    @Test
    void theSecondBiasIsAddedOnce() {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        Matrix zeros = Matrix.zeros(ElementType.FLOAT64, 3, 17);
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3);
                TensorParallelMoe moe = deploy(cluster.member(0), weights, 9)) {
            assertClose(moe.forward(zeros), Models.expected(weights, Models.TOP_K, zeros), ElementType.FLOAT64);
        }
    }

    @Test
    @Tag("slow")
    void membersThatAreLostAndThatJoinChangeNoBit() {
        MoeWeights weights = Models.weights(ElementType.FLOAT32);
        Matrix x = Models.rows(40, ElementType.FLOAT32);
        Matrix expected = Models.expected(weights, Models.TOP_K, 10, x);
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3);
                TensorParallelMoe moe = deploy(cluster.member(0), weights, 10)) {
            Awaitility.await()
                    .until(() -> cluster.member(0).getPartitionService().isClusterSafe());
            assertThat(moe.forward(x)).isEqualTo(expected);
            cluster.member(1).getLifecycleService().terminate();
            assertThat(moe.forward(x)).isEqualTo(expected);
            // Holders of backups have answered before they are owners.
            Awaitility.await().until(() -> moe.status().ranksByMember().size() == 2);
            cluster.addMember();
            Awaitility.await().until(() -> moe.status().ranksByMember().size() == 3);
            assertThat(moe.forward(x)).isEqualTo(expected);
        }
    }

    private static TensorParallelMoe deploy(HazelcastInstance hazelcast, MoeWeights weights, int ranks) {
        return TensorParallelMoe.builder(weights)
                .topK(Models.TOP_K)
                .ranks(ranks)
                .exchange(Exchange.REDUCE)
                .deploy(hazelcast, "ranker");
    }

    private static void assertClose(Matrix y, Matrix expected, ElementType type) {
        assertThat(Agreement.ofScale(y, expected)).isLessThanOrEqualTo(Agreement.tolerance(type));
    }
}
