package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ShortDeadlineTest {
    private static final MoeWeights WEIGHTS = Models.weights(ElementType.FLOAT32);
    private static final Matrix ROWS = Models.rows(40, ElementType.FLOAT32);
    /** Less than a caller grants a member that has not answered it before. */
    private static final Duration SHORT = Duration.ofMillis(200);

    @Test
    void aTaskThatIsSentWithTooLittleTimeLeftEndsAsOverload() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2)) {
            HazelcastInstance client = cluster.connect();
            HazelcastInstance unanswered = WatchedTasks.of(client, (task, member) -> false);
            try (TensorParallelMoe moe = TensorParallelMoe.builder(WEIGHTS)
                            .topK(Models.TOP_K)
                            .deploy(client, "ranker");
                    TensorParallelMoe hasty = TensorParallelMoe.connect(
                            unanswered, "ranker", CallerOptions.defaults().withDeadline(SHORT))) {
                moe.forward(ROWS);
                assertThatThrownBy(() -> hasty.forward(ROWS))
                        .isInstanceOf(OverloadedException.class)
                        .hasMessageContaining("no time for it")
                        .hasMessageContaining("expected: fewer rows at a time, a longer deadline, or more members");
            } finally {
                client.shutdown();
            }
        }
    }
}
