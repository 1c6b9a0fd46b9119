package org.expertgrid.cluster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.shards.HeldTiles;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Deadline LONG = Deadline.inMillis(60_000);
    private static final Matrix RESULT = Matrix.zeros(ElementType.FLOAT32, 1, 1);

    private final Turns turns = new Turns(new WorkerCounters("plain", new HeldTiles()));

    private CompletableFuture<WorkerReply> start(long requestId, CompletableFuture<Matrix> result) {
        return CompletableFuture.supplyAsync(
                () -> turns.compute(requestId, 1, LONG, result::join), task -> new Thread(task).start());
    }

    @Test
    void aTaskWaitsUntilTheOneBeforeItHasEnded() {
        CompletableFuture<Matrix> first = new CompletableFuture<>();
        CompletableFuture<WorkerReply> one = start(1, first);
        Awaitility.await().until(() -> turns.of(1).computingMillis() > 0);
        CompletableFuture<WorkerReply> other = start(2, CompletableFuture.completedFuture(RESULT));
        Awaitility.await().until(() -> turns.of(2).waits());
        assertThat(turns.of(1).waits()).isFalse();
        first.complete(RESULT);
        assertThat(one.join().ok()).isTrue();
        assertThat(other.join().ok()).isTrue();
        assertThat(turns.of(2).waits()).isFalse();
        assertThat(turns.of(2).computingMillis()).isZero();
    }

    @Test
    void aTaskThatIsAbandonedWhileItWaitsIsNotComputed() {
        CompletableFuture<Matrix> first = new CompletableFuture<>();
        start(1, first);
        Awaitility.await().until(() -> turns.of(1).computingMillis() > 0);
        CompletableFuture<WorkerReply> other = start(2, CompletableFuture.failedFuture(new AssertionError("computed")));
        Awaitility.await().until(() -> turns.of(2).waits());
        turns.abandon(2);
        first.complete(RESULT);
        assertThat(other.join().message()).contains("abandoned by its caller");
    }
}
