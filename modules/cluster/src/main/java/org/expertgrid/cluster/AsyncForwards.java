package org.expertgrid.cluster;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.dispatch.ForwardPass;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.kernels.Matrix;

/**
 * The asynchronous forwards of one handle: the threads that run them, and the bound on the forwards that wait for a thread.
 *
 * <p>Safe for use by many threads.
 */
final class AsyncForwards implements AutoCloseable {
    private static final int FEWEST_THREADS = 4;
    private static final long IDLE_SECONDS = 10;
    private static final int WAITING_FORWARDS = 256;

    private final String model;
    private final ExecutorService threads;

    AsyncForwards(String model) {
        this.model = model;
        int count = Math.max(FEWEST_THREADS, Runtime.getRuntime().availableProcessors());
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                count,
                count,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_FORWARDS),
                task -> {
                    Thread thread = new Thread(task, "expertgrid." + model + ".forward");
                    thread.setDaemon(true);
                    return thread;
                },
                this::runOnCaller);
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /** Runs a forward on the calling thread when the queue is full; this slows the caller down. */
    private void runOnCaller(Runnable forward, ExecutorService pool) {
        if (pool.isShutdown()) {
            throw DeployedModel.closed(model);
        }
        forward.run();
    }

    /**
     * Runs {@code forward} on a thread of the handle, or on the caller's when too many wait for one. Cancelling the future keeps the
     * forward from beginning, or interrupts it, which also keeps members from beginning what they have not begun.
     *
     * @throws IllegalStateException if the handle is closed
     */
    CompletableFuture<Matrix> start(ForwardPass forward, Matrix x, Deadline deadline) {
        CompletableFuture<Matrix> result = new CompletableFuture<>();
        Future<?> running = threads.submit(() -> {
            try {
                checkInTime(deadline);
                result.complete(forward.forward(x, deadline));
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        });
        result.whenComplete((y, thrown) -> {
            if (result.isCancelled()) {
                running.cancel(true);
            }
        });
        return result;
    }

    private void checkInTime(Deadline deadline) {
        if (deadline.passed()) {
            throw new OverloadedException(
                    "model '" + model + "': other forwards of this handle took until the deadline (expected: fewer at a"
                            + " time, or a longer deadline)",
                    null);
        }
    }

    /** Refuses new forwards; those under way end. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
