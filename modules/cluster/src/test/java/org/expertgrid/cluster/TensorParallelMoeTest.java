package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import java.util.concurrent.ForkJoinPool;
import org.expertgrid.experts.BatchedMoe;
import org.expertgrid.experts.MoeShape;
import org.expertgrid.experts.MoeWeights;
import org.expertgrid.experts.NamedRandomStates;
import org.expertgrid.experts.ThreadTeam;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;

class TensorParallelMoeTest {
    @Test
    void concatGivesTheBitsOfBatchedMoe() {
        MoeShape shape = new MoeShape(17, 29, 12, 5);
        for (ElementType type : ElementType.values()) {
            MoeWeights weights = MoeWeights.random(shape, type, new NamedRandomStates()).inMemory();
            Matrix x = new NamedRandomStates().current().randn(33, 17).to(type);
            Matrix expected = new BatchedMoe(weights, 3, Kernels.best(), ThreadTeam.of(ForkJoinPool.commonPool(), 2)).forward(x);
            for (int members = 1; members <= 3; members++) {
                try (EmbeddedCluster cluster = EmbeddedCluster.start(members)) {
                    HazelcastInstance client = cluster.connect();
                    for (int ranks = 1; ranks <= 12; ranks += 3) {
                        try (TensorParallelMoe moe = TensorParallelMoe.builder(weights).topK(3).ranks(ranks).deploy(cluster.member(0), "m" + ranks)) {
                            System.out.println(moe.status().ranksByMember());
                            assertThat(moe.forward(x)).isEqualTo(expected);
                        }
                        try (TensorParallelMoe moe = TensorParallelMoe.connect(client, "m" + ranks)) {
                            assertThat(moe.forward(x)).isEqualTo(expected);
                            moe.undeploy();
                        }
                        assertThat(cluster.member(0).getMap(ExpertgridConfig.SHARDS).size()).isZero();
                    }
                    System.out.println(ClusterStatus.of(client));
                    client.shutdown();
                }
            }
        }
    }
}
