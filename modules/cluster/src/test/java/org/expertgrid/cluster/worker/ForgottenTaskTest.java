package org.expertgrid.cluster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.WatchedTasks;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A member that merges back into a cluster that it was cut off from forgets its tasks, and clients that are connected to it are not
 * told: their futures never end.
 */
@Tag("slow")
class ForgottenTaskTest {
    private static final MoeWeights WEIGHTS = Models.weights(ElementType.FLOAT64);
    private static final Matrix ROWS = Models.rows(40, ElementType.FLOAT64);

    @Test
    void tasksThatAMemberForgotGoToOthersOnceItHasLeft() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            HazelcastInstance client = cluster.connect();
            Member forgetful = cluster.member(2).getCluster().getLocalMember();
            AtomicInteger forgotten = new AtomicInteger();
            HazelcastInstance forgetting = WatchedTasks.of(
                    client, (task, member) -> !member.equals(forgetful) || forgotten.incrementAndGet() < 0);
            try (TensorParallelMoe moe = TensorParallelMoe.builder(WEIGHTS)
                            .topK(Models.TOP_K)
                            .ranks(10)
                            .exchange(Exchange.CONCAT)
                            .deploy(client, "ranker");
                    TensorParallelMoe caller = TensorParallelMoe.connect(
                            forgetting, "ranker", CallerOptions.defaults().withDeadline(Duration.ofSeconds(25)))) {
                Matrix expected = moe.forward(ROWS);
                Awaitility.await()
                        .until(() -> cluster.member(0).getPartitionService().isClusterSafe());
                CompletableFuture<Matrix> answer = caller.forwardAsync(ROWS);
                Awaitility.await().until(() -> forgotten.get() > 0);
                cluster.member(2).getLifecycleService().terminate();
                assertThat(answer.join()).isEqualTo(expected);
            } finally {
                client.shutdown();
            }
        }
    }
}
