package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CONCAT adds in the same order as one JVM does: the bits are compared, no tolerance. */
@Tag("slow")
class ConcatBitsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anyRanksOnAnyMembersGiveTheBitsOfBatchedMoe(int members) {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(members)) {
            HazelcastInstance client = cluster.connect();
            for (ElementType type : ElementType.values()) {
                MoeWeights weights = Models.weights(type);
                Matrix x = Models.rows(33, type);
                Matrix expected = Models.expected(weights, Models.TOP_K, x);
                for (int ranks = 1; ranks <= 12; ranks++) {
                    try (TensorParallelMoe moe = TensorParallelMoe.builder(weights)
                            .topK(Models.TOP_K)
                            .ranks(ranks)
                            .exchange(Exchange.CONCAT)
                            .deploy(ranks % 2 == 0 ? client : cluster.member(members - 1), "ranker")) {
                        assertThat(moe.forward(x))
                                .as("%d ranks, %s", ranks, type)
                                .isEqualTo(expected);
                        // A row alone has the bits that it has in a batch.
                        assertThat(moe.forward(x.rowRange(7, 8))).isEqualTo(expected.rowRange(7, 8));
                        moe.undeploy();
                    }
                }
            }
            client.shutdown();
        }
    }
}
