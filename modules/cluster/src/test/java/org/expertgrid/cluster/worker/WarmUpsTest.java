package org.expertgrid.cluster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.models.DeployedSets;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class WarmUpsTest {
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    @Test
    void aMemberHasWarmedUpWhenTheExpertsOfADeploymentHaveBeenComputed() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            HazelcastInstance member = cluster.member(0);
            WarmUps warmUps = new WarmUps(DeployedSets.of(member), KernelsChoice.best(), waiting::add);
            try (TensorParallelMoe moe = TensorParallelMoe.builder(Models.weights(ElementType.FLOAT32))
                    .topK(Models.TOP_K)
                    .ranks(2)
                    .deploy(member, "warm")) {
                UUID deployment = ((ModelRecord) member.getMap(GridNames.MODELS).get("warm"))
                        .shards()
                        .deployment();
                assertThat(warmUps.haveEnded(deployment)).isTrue(); // it has not been told to warm up
                warmUps.begin();
                waiting.remove().run();
                warmUps.round();
                assertThat(waiting).hasSize(1);
                assertThat(warmUps.haveEnded(deployment)).isFalse();
                waiting.remove().run();
                warmUps.round();
                assertThat(waiting).isEmpty();
                assertThat(moe.forward(Models.rows(1, ElementType.FLOAT32)).rows())
                        .isEqualTo(1);
                assertThat(warmUps.haveEnded(deployment)).isTrue();
            }
        }
    }
}
