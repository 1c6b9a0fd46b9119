package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.local.MemberProcess;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that are asked for far more than they can do: real processes with small heaps. */
class OverloadTest {
    /** Little to send and much to compute, so that it is the members that have too much to do, and not their caller. */
    private static final MoeShape SHAPE = new MoeShape(128, 8192, 128, 4);

    /** 156 MB of weights, of which each of two members holds all. */
    private static final MoeShape SEED = new MoeShape(1000, 1000, 1000, 10);

    private static final int LARGE_BATCH_CALLERS = 50;
    private static final Duration LARGE_BATCHES = Duration.ofSeconds(Long.getLong("overload.seconds", 10));
    private static final int ROWS = 400;
    private static final int TIMES = 10;
    private static final Duration LEAST_DEADLINE = Duration.ofSeconds(2);
    private static final int MOST_CALLERS = 300;
    private static final int OUTCOMES = 2;
    private static final Set<String> CLEAR = Set.of("right", "OverloadedException");

    @TempDir
    private Path directory;

    @Test
    @Tag("nightly")
    void tenTimesTheLoadThatMembersSustainEndsInRightAnswersAndClearRefusals() throws Exception {
        MoeWeights weights = Models.weights(SHAPE, ElementType.FLOAT32);
        Matrix x = Models.rows(ROWS, SHAPE.inputDim(), ElementType.FLOAT32);
        try (LocalCluster cluster = LocalCluster.start(new LocalCluster.Options(2, "224m", directory, 0, true, 180))) {
            HazelcastInstance client = cluster.connect();
            try (TensorParallelMoe moe =
                    TensorParallelMoe.builder(weights).topK(4).deploy(client, "ranker")) {
                Matrix answer = moe.forward(x);
                Duration sustained = medianOf(moe, x);
                List<Long> before = liveHeaps(cluster);
                int callers = (int) Math.min(
                        MOST_CALLERS, LEAST_DEADLINE.multipliedBy(TIMES).dividedBy(sustained));
                callers = Math.max(callers, 2 * TIMES);
                // Each caller asks again when it has been answered or refused.
                Duration deadline = sustained.multipliedBy(callers / TIMES);
                Map<String, Integer> outcomes = load(client, callers, deadline, x, answer);
                for (int again = 0; again < 2 && !CLEAR.containsAll(outcomes.keySet()); again++) {
                    // a heartbeat that a busy processor has delayed for seconds is a lost connection, and no refusal
                    assertThat(outcomes).doesNotContainKey("wrong");
                    outcomes = load(client, callers, deadline, x, answer);
                }
                System.out.println("a forward takes " + sustained + ", " + callers + " callers wait " + deadline
                        + " each: " + outcomes);
                assertThat(outcomes).containsKey("OverloadedException");
                assertThat(outcomes.keySet()).isSubsetOf(CLEAR);
                assertThat(cluster.members()).allMatch(MemberProcess::isAlive);
                assertThat(moe.forward(x)).isEqualTo(answer);
                List<Long> after = liveHeaps(cluster);
                System.out.println("live heaps before " + before + ", after " + after);
                for (int i = 0; i < before.size(); i++) {
                    assertThat(after.get(i) - before.get(i)).isLessThan(16 << 20);
                    assertThat(Files.readString(cluster.members().get(i).log()))
                            .doesNotContain("OutOfMemoryError")
                            .doesNotContain("RejectedExecutionException");
                }
            } finally {
                client.shutdown();
            }
        }
    }

    @Test
    @Tag("nightly")
    void largeBatchesOfManyCallersEndInRightAnswersAndClearRefusalsWhereHeapsAreFullOfWeights() throws Exception {
        MoeWeights weights = Models.weights(SEED, ElementType.FLOAT64);
        Matrix x = Models.rows(1000, SEED.inputDim(), ElementType.FLOAT64);
        try (LocalCluster cluster = LocalCluster.start(new LocalCluster.Options(2, "256m", directory, 0, true, 180))) {
            HazelcastInstance client = cluster.connect();
            try (TensorParallelMoe moe =
                    TensorParallelMoe.builder(weights).topK(2).ranks(10).deploy(client, "ranker")) {
                Matrix answer = moe.forward(x);
                Map<String, Integer> outcomes = new ConcurrentHashMap<>();
                long end = System.nanoTime() + LARGE_BATCHES.toNanos();
                List<CompletableFuture<Void>> callers = new ArrayList<>();
                for (int i = 0; i < LARGE_BATCH_CALLERS; i++) {
                    callers.add(CompletableFuture.runAsync(
                            () -> {
                                while (System.nanoTime() - end < 0) {
                                    outcomes.merge(outcome(moe, x, answer), 1, Integer::sum);
                                }
                            },
                            task -> new Thread(task).start()));
                }
                callers.forEach(CompletableFuture::join);
                System.out.println(LARGE_BATCH_CALLERS + " callers with 1000 rows each: " + outcomes);
                assertThat(outcomes).containsKey("right");
                assertThat(outcomes.keySet()).isSubsetOf(CLEAR);
                assertThat(cluster.members()).allMatch(MemberProcess::isAlive);
                assertThat(moe.forward(x)).isEqualTo(answer);
                for (MemberProcess member : cluster.members()) {
                    assertThat(Files.readString(member.log())).doesNotContain("OutOfMemoryError");
                }
            } finally {
                client.shutdown();
            }
        }
    }

    private static Duration medianOf(TensorParallelMoe moe, Matrix x) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            long start = System.nanoTime();
            moe.forward(x);
            nanos.add(System.nanoTime() - start);
        }
        nanos.sort(null);
        return Duration.ofNanos(nanos.get(nanos.size() / 2));
    }

    private static Map<String, Integer> load(
            HazelcastInstance client, int callers, Duration deadline, Matrix x, Matrix answer) {
        CallerOptions hasty = CallerOptions.defaults().withDeadline(deadline);
        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        TensorParallelMoe moe = TensorParallelMoe.connect(client, "ranker", hasty);
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            // One after the other, as they come in life: all at once, it is the client that would have too much to do.
            Executor thread = CompletableFuture.delayedExecutor(
                    deadline.toMillis() * i / callers, TimeUnit.MILLISECONDS, task -> new Thread(task).start());
            ends.add(CompletableFuture.runAsync(
                    () -> {
                        for (int outcome = 0; outcome < OUTCOMES; outcome++) {
                            outcomes.merge(outcome(moe, x, answer), 1, Integer::sum);
                        }
                    },
                    thread));
        }
        ends.forEach(CompletableFuture::join);
        moe.close();
        return outcomes;
    }

    private static String outcome(TensorParallelMoe moe, Matrix x, Matrix answer) {
        try {
            return moe.forward(x).equals(answer) ? "right" : "wrong";
        } catch (OverloadedException refused) {
            return "OverloadedException";
        } catch (RuntimeException thrown) {
            return thrown.toString();
        }
    }

    private static List<Long> liveHeaps(LocalCluster cluster) throws IOException, InterruptedException {
        List<Long> bytes = new ArrayList<>();
        for (MemberProcess member : cluster.members()) {
            bytes.add(LiveHeap.bytes(member.pid()));
        }
        return bytes;
    }
}
