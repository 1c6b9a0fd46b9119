package org.expertgrid.cluster.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.StandIn;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.cluster.status.ModelHealth;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class StatusReaderTest {
    private static final int MODELS = 5;

    @Test
    void everyMemberIsAskedTwiceHoweverManyModelsThereAre() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance member = cluster.member(0);
            for (int i = 0; i < MODELS; i++) {
                TensorParallelMoe.builder(Models.weights(ElementType.FLOAT32))
                        .deploy(member, "model-" + i)
                        .close();
            }
            AtomicInteger questions = new AtomicInteger();
            ClusterStatus status = new StatusReader(countingQuestions(member, questions)).cluster();
            assertThat(status.models()).hasSize(MODELS);
            assertThat(status.health())
                    .hasSize(MODELS)
                    .allMatch(health -> health.unserved().isEmpty());
            assertThat(status.health())
                    .extracting(ModelHealth::name)
                    .containsExactly("model-0", "model-1", "model-2", "model-3", "model-4");
            assertThat(questions)
                    .as("a Describe and an Examine for each member")
                    .hasValue(2 * 2);
        }
    }

    private static HazelcastInstance countingQuestions(HazelcastInstance real, AtomicInteger questions) {
        IExecutorService executor = StandIn.of(IExecutorService.class, (proxy, method, arguments) -> {
            questions.addAndGet(method.getName().equals("submitToMember") ? 1 : 0);
            return StandIn.ask(real.getExecutorService(GridNames.CONTROL), method, arguments);
        });
        return StandIn.of(HazelcastInstance.class, (proxy, method, arguments) -> {
            boolean ofQuestions =
                    method.getName().equals("getExecutorService") && arguments[0].equals(GridNames.CONTROL);
            return ofQuestions ? executor : StandIn.ask(real, method, arguments);
        });
    }
}
