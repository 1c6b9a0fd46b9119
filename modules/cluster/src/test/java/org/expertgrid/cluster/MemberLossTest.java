package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class MemberLossTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMemberLostMidForwardChangesNoNumber(boolean callerIsAMember) {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        Matrix x = Models.rows(40, ElementType.FLOAT64);
        Matrix expected = Models.expected(weights, Models.TOP_K, x);
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            HazelcastInstance caller = callerIsAMember ? cluster.member(0) : cluster.connect();
            TensorParallelMoe moe = TensorParallelMoe.builder(weights)
                    .topK(Models.TOP_K)
                    .ranks(10)
                    .exchange(Exchange.CONCAT)
                    .deploy(caller, "ranker");
            Awaitility.await()
                    .until(() -> cluster.member(0).getPartitionService().isClusterSafe());
            try (Load load = Load.on(moe, x, expected)) {
                cluster.member(1).getLifecycleService().terminate();
                load.awaitForwards(20);
            }
            Awaitility.await().until(() -> moe.status().ranksByMember().size() == 2);
            moe.close();
            if (!callerIsAMember) {
                caller.shutdown();
            }
        }
    }
}
