package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.expertgrid.experts.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;

/**
 * A member that merges back into a cluster that it was cut off from forgets its tasks, and clients that are connected to it are not
 * told: their futures never end.
 */
class ForgottenTaskTest {
    private static final MoeWeights WEIGHTS = Models.weights(ElementType.FLOAT64);
    private static final Matrix ROWS = Models.rows(40, ElementType.FLOAT64);

    @Test
    void whatAMemberForgotIsAskedOfOthersOnceItIsNoLongerAMember() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
            HazelcastInstance client = cluster.connect();
            Member forgetful = cluster.member(2).getCluster().getLocalMember();
            AtomicInteger forgotten = new AtomicInteger();
            HazelcastInstance forgetting = forgetting(client, forgetful, forgotten);
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

    /** Returns the same instance, but for tasks to one member, which are never heard of again. */
    private static HazelcastInstance forgetting(HazelcastInstance real, Member member, AtomicInteger forgotten) {
        return fake(HazelcastInstance.class, real, (method, arguments) -> {
            if (method.equals("getExecutorService") && arguments[0].equals(ExpertgridConfig.EXECUTOR)) {
                IExecutorService executor = real.getExecutorService(ExpertgridConfig.EXECUTOR);
                return fake(IExecutorService.class, executor, (submit, task) -> {
                    boolean lost = submit.equals("submitToMember") && task[1].equals(member);
                    return lost ? Integer.valueOf(forgotten.incrementAndGet()) : null;
                });
            }
            return null;
        });
    }

    private interface Replacement {
        /** Returns what a method gives instead, or null where it is to be asked itself. */
        Object of(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, T real, Replacement replacement) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object instead = replacement.of(method.getName(), arguments == null ? new Object[0] : arguments);
                    if (instead != null) {
                        return method.getReturnType() == void.class ? null : instead;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
