package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.expertgrid.kernels.Matrix;

/** A caller that forwards the same rows again and again and compares every answer, until it is closed. */
final class Load implements AutoCloseable {
    private final AtomicInteger forwards = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private final CompletableFuture<Void> calls;
    private volatile boolean stopped;

    private Load(TensorParallelMoe moe, Matrix x, Matrix expected) {
        calls = CompletableFuture.runAsync(() -> call(moe, x, expected), task -> new Thread(task, "load").start());
    }

    /** Begins to call, and returns when the first answer has come. */
    static Load on(TensorParallelMoe moe, Matrix x, Matrix expected) {
        Load load = new Load(moe, x, expected);
        load.awaitForwards(1);
        return load;
    }

    private void call(TensorParallelMoe moe, Matrix x, Matrix expected) {
        while (!stopped) {
            long start = System.nanoTime();
            assertThat(moe.forward(x)).isEqualTo(expected);
            forwards.incrementAndGet();
            longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
        }
    }

    /** Returns when so many more forwards have been answered; fails when one was wrong or failed. */
    void awaitForwards(int more) {
        int target = forwards.get() + more;
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> calls.isDone() || forwards.get() >= target);
        if (calls.isDone()) {
            calls.join();
        }
    }

    Duration longest() {
        return Duration.ofNanos(longestNanos.get());
    }

    /** Ends the calls; throws what one of them threw. */
    @Override
    public void close() {
        stopped = true;
        calls.join();
    }
}
