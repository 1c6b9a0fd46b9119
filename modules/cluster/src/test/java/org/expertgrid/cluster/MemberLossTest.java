package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.expertgrid.experts.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberLossTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMemberLostMidForwardChangesNoNumber(boolean callerIsAMember) throws InterruptedException {
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
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger forwards = new AtomicInteger();
            CountDownLatch started = new CountDownLatch(1);
            CompletableFuture<Void> load = CompletableFuture.runAsync(
                    () -> {
                        while (!stop.get()) {
                            assertThat(moe.forward(x)).isEqualTo(expected);
                            forwards.incrementAndGet();
                            started.countDown();
                        }
                    },
                    task -> new Thread(task).start());
            started.await();
            cluster.member(1).getLifecycleService().terminate();
            int before = forwards.get();
            Awaitility.await().until(() -> load.isDone() || forwards.get() > before + 20);
            stop.set(true);
            load.join();
            assertThat(moe.status().ranksByMember()).hasSize(2);
            moe.close();
            if (!callerIsAMember) {
                caller.shutdown();
            }
        }
    }
}
