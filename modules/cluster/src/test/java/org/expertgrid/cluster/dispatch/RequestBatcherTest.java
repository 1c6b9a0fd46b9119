package org.expertgrid.cluster.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests of one batch, each of which ends by itself. */
@Tag("slow")
class RequestBatcherTest {
    private static final Matrix TWO = Models.rows(2, ElementType.FLOAT64);
    private static final Matrix THREE = Models.rows(3, ElementType.FLOAT64);
    /** Long enough that the request of a second thread joins the batch on a busy machine. */
    private static final long WINDOW_NANOS = Duration.ofMillis(600).toNanos();
    /** The gate gives up this long before the deadline, so that a request with the same deadline still waits for the result when the leader wakes late. */
    private static final long TIME_TO_TELL_MILLIS = 500;

    private final Deadline muchTime = Deadline.inMillis(20_000);
    private final Gate gate = new Gate();
    private final RequestBatcher batcher = new RequestBatcher(gate, new ForwardCounters(1), WINDOW_NANOS);

    /** A pass whose results are the rows themselves, once it is open. */
    private static final class Gate implements ForwardPass {
        private final List<Integer> arrivals = new CopyOnWriteArrayList<>();
        private final CountDownLatch open = new CountDownLatch(1);

        @Override
        public Matrix forward(Matrix x, Deadline deadline) {
            arrivals.add(x.rows());
            try {
                long patience = Math.max(0, deadline.millisLeft() - TIME_TO_TELL_MILLIS);
                if (!open.await(patience, TimeUnit.MILLISECONDS)) {
                    throw new ForwardFailedException("closed for too long", null);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ForwardFailedException("interrupted at the gate", e);
            }
            return x;
        }
    }

    /** A calling thread and the result of its call. */
    private record Caller(Thread thread, CompletableFuture<Matrix> answer) {
        static Caller of(ForwardPass pass, Matrix x, Deadline deadline) {
            CompletableFuture<Matrix> answer = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    answer.complete(pass.forward(x, deadline));
                } catch (Throwable thrown) {
                    answer.completeExceptionally(thrown);
                }
            });
            thread.start();
            return new Caller(thread, answer);
        }

        Caller whenItWaits() {
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            return this;
        }
    }

    /** Looks more often than every tenth of a second, which is a good part of the window. */
    private static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(2));
    }

    private void awaitBatchOf(int rows) {
        await().until(() -> gate.arrivals.contains(rows));
    }

    @Test
    void anInterruptedRequestLeavesItsBatchAndTheOthersAreSent() {
        Caller sender = Caller.of(batcher, TWO, muchTime).whenItWaits();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Caller other = Caller.of(
                (x, deadline) -> {
                    try {
                        return batcher.forward(x, deadline);
                    } finally {
                        flag.complete(Thread.currentThread().isInterrupted());
                    }
                },
                THREE,
                muchTime);
        awaitBatchOf(5);
        other.thread().interrupt();
        assertThatThrownBy(other.answer()::join)
                .cause()
                .isInstanceOf(ForwardFailedException.class)
                .hasMessageContaining("the caller was interrupted");
        assertThat(flag.join()).isTrue();
        gate.open.countDown();
        assertThat(sender.answer().join()).isEqualTo(TWO);
    }

    @Test
    void anInterruptedSenderFailsNoOtherRequest() {
        Caller sender = Caller.of(batcher, TWO, muchTime).whenItWaits();
        Caller other = Caller.of(batcher, THREE, muchTime);
        awaitBatchOf(5);
        sender.thread().interrupt();
        assertThatThrownBy(sender.answer()::join).cause().hasMessage("interrupted at the gate");
        awaitBatchOf(3);
        gate.open.countDown();
        assertThat(other.answer().join()).isEqualTo(THREE);
    }

    @Test
    void aRequestInABatchHasItsOwnDeadline() {
        Caller sender = Caller.of(batcher, TWO, muchTime).whenItWaits();
        Caller other = Caller.of(batcher, THREE, Deadline.inMillis(1_200));
        awaitBatchOf(5);
        assertThatThrownBy(other.answer()::join)
                .cause()
                .isExactlyInstanceOf(ForwardFailedException.class)
                .hasMessageContaining("not answered within its deadline");
        gate.open.countDown();
        assertThat(sender.answer().join()).isEqualTo(TWO);
    }

    @Test
    void aSenderWhoseDeadlinePassesFailsNoOtherRequest() {
        Caller sender = Caller.of(batcher, TWO, Deadline.inMillis(1_200)).whenItWaits();
        Caller other = Caller.of(batcher, THREE, muchTime);
        assertThatThrownBy(sender.answer()::join).cause().hasMessage("closed for too long");
        awaitBatchOf(3);
        gate.open.countDown();
        assertThat(other.answer().join()).isEqualTo(THREE);
    }

    @Test
    void aRequestWithHardlyMoreTimeFailsAsItsSenderDoes() {
        Deadline soon = Deadline.inMillis(1_200);
        Caller sender = Caller.of(batcher, TWO, soon).whenItWaits();
        Caller other = Caller.of(batcher, THREE, soon);
        assertThatThrownBy(sender.answer()::join).cause().hasMessage("closed for too long");
        assertThatThrownBy(other.answer()::join).cause().hasMessage("closed for too long");
        assertThat(gate.arrivals).containsExactly(5);
    }

    @Test
    void aBatchWaitsForTheOneBeforeItNoLongerThanItsDeadline() {
        RequestBatcher hasty = new RequestBatcher(
                gate, new ForwardCounters(1), Duration.ofMillis(1).toNanos());
        Caller first = Caller.of(hasty, TWO, muchTime);
        awaitBatchOf(2);
        assertThatThrownBy(() -> hasty.forward(THREE, Deadline.inMillis(40))).isInstanceOf(OverloadedException.class);
        gate.open.countDown();
        assertThat(first.answer().join()).isEqualTo(TWO);
        assertThat(hasty.forward(THREE, muchTime)).isEqualTo(THREE);
        assertThat(gate.arrivals).containsExactly(2, 3);
    }

    @Test
    void anErrorReachesAllRequestsOfABatchAndTheNextForwardIsAnswered() {
        OutOfMemoryError full = new OutOfMemoryError("made up");
        RequestBatcher failing = new RequestBatcher(
                (x, deadline) -> {
                    if (x.rows() == 5) {
                        throw full;
                    }
                    return x;
                },
                new ForwardCounters(1),
                WINDOW_NANOS);
        Caller sender = Caller.of(failing, TWO, muchTime).whenItWaits();
        Caller other = Caller.of(failing, THREE, muchTime);
        assertThatThrownBy(sender.answer()::join).cause().isSameAs(full);
        assertThatThrownBy(other.answer()::join).cause().isSameAs(full);
        assertThat(failing.forward(TWO, muchTime)).isEqualTo(TWO);
    }
}
