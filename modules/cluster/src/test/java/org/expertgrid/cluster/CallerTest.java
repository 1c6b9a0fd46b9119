package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.status.MoeStatistics;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a handle behaves towards its callers: what it counts, how it waits, what it leaves behind. */
@Tag("slow")
class CallerTest {
    private static final MoeShape SHAPE = new MoeShape(400, 300, 200, 4);
    private static final MoeWeights WEIGHTS = Models.weights(SHAPE, ElementType.FLOAT32);

    private static EmbeddedCluster cluster;
    private static HazelcastInstance client;
    private TensorParallelMoe deployed;

    @BeforeAll
    static void startMembersAndAClient() {
        // Without backups there is no hedge, so that bytes and tasks can be counted on a busy machine, too.
        cluster = EmbeddedCluster.start(2, 0, UnaryOperator.identity());
        client = cluster.connect();
    }

    @AfterAll
    static void stopThem() {
        client.shutdown();
        cluster.close();
    }

    @BeforeEach
    void deploy() {
        deployed = TensorParallelMoe.builder(WEIGHTS).topK(2).ranks(4).deploy(client, "ranker");
    }

    @AfterEach
    void undeploy() {
        deployed.undeploy();
        deployed.close();
    }

    @Test
    void statisticsCountWhatWasDone() {
        Matrix x = rows(30);
        deployed.forward(x);
        deployed.forward(x);
        MoeStatistics statistics = deployed.statistics();
        assertThat(statistics.forwards()).isEqualTo(2);
        assertThat(statistics.rows()).isEqualTo(60);
        assertThat(statistics.rowsPerExpert().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(120);
        // Both members are sent all rows, and answer as many results, twice.
        assertThat(statistics.bytesOut()).isBetween(4 * x.bytes(), 4 * x.bytes() + 8_000);
        assertThat(statistics.bytesIn()).isBetween(4 * 30 * 200 * 4L, 4 * 30 * 200 * 4L + 1_000);
        assertThat(statistics.retries()).isZero();
        assertThat(statistics.waiting()).isPositive();
        assertThat(Connection.of(client).status().members()).allSatisfy(member -> {
            assertThat(member.tasks()).isGreaterThanOrEqualTo(2);
            assertThat(member.computing()).isPositive();
            assertThat(member.decoding()).isPositive();
            assertThat(member.primaryBytes()).isPositive();
        });
    }

    @Test
    void statisticsAreShownInJmxWhileTheHandleIsOpen() throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName ours = new ObjectName("org.expertgrid:type=\"Model\",name=\"in-jmx\",*");
        TensorParallelMoe moe = TensorParallelMoe.builder(WEIGHTS).topK(2).deploy(client, "in-jmx");
        moe.forward(rows(7));
        ObjectName bean = server.queryNames(ours, null).iterator().next();
        assertThat(server.getAttribute(bean, "Rows")).isEqualTo(7L);
        assertThat((long[]) server.getAttribute(bean, "RowsPerExpert")).hasSize(4);
        moe.undeploy();
        moe.close();
        assertThat(server.queryNames(ours, null)).isEmpty();
        ObjectName workers = new ObjectName("org.expertgrid:type=\"Worker\",*");
        assertThat(server.queryNames(workers, null))
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(worker ->
                        assertThat((long) server.getAttribute(worker, "Tasks")).isNotNegative());
    }

    @Test
    void aMemberThatCallsItselfSendsNothingForItsOwnShare() {
        try (TensorParallelMoe ofMember = TensorParallelMoe.connect(cluster.member(0), "ranker")) {
            Matrix x = rows(30);
            ofMember.forward(x);
            assertThat(ofMember.statistics().bytesOut()).isBetween(x.bytes(), x.bytes() + 2_000);
        }
    }

    @Test
    void smallForwardsThatArriveTogetherAreOneBatchAndKeepTheirBits() {
        CallerOptions options = CallerOptions.defaults().withBatchingWindow(Duration.ofNanos(200_000));
        Matrix x = rows(160);
        Matrix expected = deployed.forward(x);
        long before = tasks();
        try (TensorParallelMoe batching = TensorParallelMoe.connect(client, "ranker", options)) {
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            for (int caller = 0; caller < 16; caller++) {
                int from = caller * 10;
                callers.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 20; i++) {
                                assertThat(batching.forward(x.rowRange(from, from + 10)))
                                        .isEqualTo(expected.rowRange(from, from + 10));
                            }
                        },
                        task -> new Thread(task).start()));
            }
            callers.forEach(CompletableFuture::join);
            assertThat(batching.statistics().rows()).isEqualTo(16 * 20 * 10);
            assertThat(batching.statistics().forwards()).isEqualTo(16 * 20);
            assertThat(tasks() - before).isLessThan(2 * 16 * 20);
        }
    }

    @Test
    void aSmallBudgetOfBytesMakesCallersWaitAndNotFail() {
        CallerOptions options = CallerOptions.defaults().withBytesOnTheirWay(100_000);
        Matrix x = rows(500);
        Matrix expected = deployed.forward(x);
        try (TensorParallelMoe frugal = TensorParallelMoe.connect(client, "ranker", options)) {
            List<CompletableFuture<Matrix>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(frugal.forwardAsync(x));
            }
            answers.forEach(answer -> assertThat(answer.join()).isEqualTo(expected));
        }
    }

    @Test
    @Tag("slow")
    void forwardsOfMixedSizesWithinOneSmallBudgetDoNotWaitForEachOther() {
        CallerOptions options =
                CallerOptions.defaults().withBytesOnTheirWay(700_000).withDeadline(Duration.ofMinutes(2));
        try (TensorParallelMoe frugal = TensorParallelMoe.connect(client, "ranker", options)) {
            List<CompletableFuture<Matrix>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                answers.add(frugal.forwardAsync(rows(i % 2 == 0 ? 5_300 : 140)));
            }
            for (int i = 0; i < 16; i++) {
                assertThat(answers.get(i).join().rows()).isEqualTo(i % 2 == 0 ? 5_300 : 140);
            }
        }
    }

    @Test
    void aBudgetWithoutBoundIsLegal() {
        CallerOptions options = CallerOptions.defaults().withBytesOnTheirWay(Long.MAX_VALUE);
        try (TensorParallelMoe lavish = TensorParallelMoe.connect(client, "ranker", options)) {
            assertThat(lavish.forward(rows(3)).rows()).isEqualTo(3);
        }
    }

    @Test
    void aForwardWhoseDeadlinePassesSaysSoAndTheNextOneIsAnswered() {
        CallerOptions hasty = CallerOptions.defaults().withDeadline(Duration.ofMillis(1));
        Matrix x = rows(4000);
        try (TensorParallelMoe impatient = TensorParallelMoe.connect(client, "ranker", hasty)) {
            assertThatThrownBy(() -> impatient.forward(x))
                    .isInstanceOf(ForwardFailedException.class)
                    .hasMessageContaining("model 'ranker'");
        }
        assertThat(deployed.forward(x).rows()).isEqualTo(4000);
    }

    @Test
    void cancelledForwardsLeaveNothingBehind() {
        Matrix x = rows(4000);
        long before = tasks();
        deployed.forward(x);
        long whole = tasks() - before;
        List<CompletableFuture<Matrix>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(deployed.forwardAsync(x));
        }
        answers.forEach(answer -> answer.cancel(true));
        // The first ones may have been answered before they could be cancelled.
        assertThat(answers.subList(8, 40)).allMatch(CompletableFuture::isCancelled);
        // What was under way ends or is given up; what was not is never begun.
        Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> {
            long now = tasks();
            deployed.forward(rows(1));
            return tasks() - now == 2;
        });
        assertThat(tasks() - before).isLessThan(20 * whole);
        assertThat(deployed.forward(x).rows()).isEqualTo(4000);
    }

    /** Every message takes the whole of so small a budget: if any of it were still counted, the next forward would wait in vain. */
    private static TensorParallelMoe withoutAByteToSpare(Duration deadline) {
        return TensorParallelMoe.connect(
                client,
                "ranker",
                CallerOptions.defaults().withBytesOnTheirWay(1024).withDeadline(deadline));
    }

    /** Returns before all of them are out, on a fast machine too. */
    private static void awaitFirstBytes(TensorParallelMoe frugal) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .until(() -> frugal.statistics().bytesOut() > 0);
    }

    @Test
    void anInterruptedCallerLeavesNothingBehind() throws InterruptedException {
        try (TensorParallelMoe frugal = withoutAByteToSpare(Duration.ofSeconds(20))) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                try {
                    frugal.forward(rows(20_000));
                    thrown.complete(null);
                } catch (Throwable t) {
                    thrown.complete(Thread.currentThread().isInterrupted() ? t : new AssertionError("flag lost", t));
                }
            });
            caller.start();
            awaitFirstBytes(frugal);
            caller.interrupt();
            assertThat(thrown.join()).isInstanceOf(ForwardFailedException.class).hasMessageContaining("interrupted");
            assertNothingIsCounted(frugal);
        }
    }

    @Test
    @Tag("slow")
    void aCallerThatTimedOutLeavesNothingBehind() {
        try (TensorParallelMoe frugal = withoutAByteToSpare(Duration.ofMillis(400))) {
            assertThatThrownBy(() -> frugal.forward(rows(100_000))).isInstanceOf(ForwardFailedException.class);
            assertNothingIsCounted(frugal);
        }
    }

    @Test
    void aCancelledCallerLeavesNothingBehind() {
        try (TensorParallelMoe frugal = withoutAByteToSpare(Duration.ofSeconds(20))) {
            CompletableFuture<Matrix> answer = frugal.forwardAsync(rows(20_000));
            awaitFirstBytes(frugal);
            answer.cancel(true);
            assertNothingIsCounted(frugal);
        }
    }

    /**
     * Also that members end with the piece that they are at: two members compute one small task each, and no other. Until then they
     * may have no time for a caller who is in a hurry.
     */
    private static void assertNothingIsCounted(TensorParallelMoe frugal) {
        ConditionFactory await = Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(ForwardFailedException.class);
        await.until(() -> frugal.forward(rows(3)).rows() == 3);
        await.until(() -> {
            long before = tasks();
            frugal.forward(rows(1));
            return tasks() - before == 2;
        });
    }

    @Test
    void forwardsBeyondTheQueueRunOnTheCallingThread() {
        Matrix x = rows(2);
        Matrix expected = deployed.forward(x);
        List<CompletableFuture<Matrix>> answers = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            answers.add(deployed.forwardAsync(x));
        }
        answers.forEach(answer -> assertThat(answer.join()).isEqualTo(expected));
    }

    @Test
    void theDeadlineOfAForwardThatWaitsForAThreadCountsFromItsCall() {
        Matrix x = rows(3000);
        Matrix expected = deployed.forward(x);
        CallerOptions hasty = CallerOptions.defaults().withDeadline(Duration.ofSeconds(1));
        List<CompletableFuture<Matrix>> answers = new ArrayList<>();
        try (TensorParallelMoe impatient = TensorParallelMoe.connect(client, "ranker", hasty)) {
            for (int i = 0; i < 200; i++) {
                answers.add(impatient.forwardAsync(x));
            }
            Awaitility.await().until(() -> answers.stream().allMatch(CompletableFuture::isDone));
        }
        for (CompletableFuture<Matrix> answer : answers) {
            if (answer.isCompletedExceptionally()) {
                assertThatThrownBy(answer::join)
                        .cause()
                        .isInstanceOf(ForwardFailedException.class)
                        .hasMessageContaining("model 'ranker'");
            } else {
                assertThat(answer.join()).isEqualTo(expected);
            }
        }
        assertThatThrownBy(answers.get(199)::join).cause().isInstanceOf(OverloadedException.class);
    }

    @ParameterizedTest
    @EnumSource(Exchange.class)
    void aForwardUnderWayEndsThoughItsHandleIsClosed(Exchange exchange) {
        Matrix x = rows(9);
        AtomicReference<TensorParallelMoe> handle = new AtomicReference<>();
        HazelcastInstance closing = WatchedTasks.of(client, (task, member) -> {
            handle.get().close();
            return true;
        });
        try (TensorParallelMoe moe =
                TensorParallelMoe.builder(WEIGHTS).topK(2).exchange(exchange).deploy(client, "closed")) {
            handle.set(TensorParallelMoe.connect(closing, "closed"));
            assertThat(handle.get().forward(x)).isEqualTo(moe.forward(x));
            assertThatThrownBy(() -> handle.get().forward(x)).hasMessageContaining("this handle is closed");
            moe.undeploy();
        }
    }

    @Test
    void aPartOfAModelOfItsOwnIsRefusedAfterItsHandleIsClosed() {
        Matrix x = rows(9);
        ShardedLinear linear =
                ShardedLinear.deploy(client, "linear", WEIGHTS.expert(0).fc1(), 2);
        ShardedExpert expert = ShardedExpert.deploy(client, "expert", WEIGHTS.expert(0), 2);
        linear.undeploy();
        expert.undeploy();
        linear.close();
        expert.close();
        assertThatThrownBy(() -> linear.forward(x)).hasMessageContaining("this handle is closed");
        assertThatThrownBy(() -> expert.forward(x)).hasMessageContaining("this handle is closed");
    }

    @Test
    void badOptionsAreAllNamed() {
        assertThatThrownBy(() -> new CallerOptions(Duration.ZERO, 0, Duration.ofMillis(1)))
                .hasMessageContaining("deadline: PT0S (expected: 1 millisecond to 1 day)")
                .hasMessageContaining("bytesOnTheirWay: 0 (expected: at least 1024)")
                .hasMessageContaining("batchingWindow: PT0.001S (expected: 0 to 200 microseconds)");
    }

    private static long tasks() {
        return Connection.of(client).status().members().stream()
                .flatMapToLong(member -> LongStream.of(member.tasks()))
                .sum();
    }

    private static Matrix rows(int count) {
        return Models.rows(count, SHAPE.inputDim(), ElementType.FLOAT32);
    }
}
