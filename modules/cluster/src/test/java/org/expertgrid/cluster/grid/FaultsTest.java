package org.expertgrid.cluster.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastOverloadException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class FaultsTest {
    @Test
    void aMemberWithAFullQueueIsOverloaded() {
        assertThat(Faults.isOverload(new RejectedExecutionException("Executor[expertgrid] is overloaded!")))
                .isTrue();
        assertThat(Faults.isOverload(new HazelcastOverloadException("too many invocations")))
                .isTrue();
    }

    @Test
    @Tag("slow")
    void anExecutorThatWasShutDownIsNotOverloaded() {
        CallerOptions hasty = CallerOptions.defaults().withDeadline(Duration.ofSeconds(2));
        // Without backups, because their holder would answer.
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2, 0, UnaryOperator.identity())) {
            TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64))
                    .deploy(cluster.member(0), "ranker")
                    .close();
            TensorParallelMoe moe = TensorParallelMoe.connect(cluster.member(0), "ranker", hasty);
            cluster.member(1).getExecutorService(GridNames.EXECUTOR).shutdown();
            assertThatThrownBy(() -> moe.forward(Models.rows(3, ElementType.FLOAT64)))
                    .isExactlyInstanceOf(ForwardFailedException.class)
                    .hasMessageContaining("is shutdown!");
        }
    }
}
