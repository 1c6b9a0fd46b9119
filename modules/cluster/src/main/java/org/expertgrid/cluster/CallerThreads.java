package org.expertgrid.cluster;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads on which a handle runs asynchronous forwards, and the bound on the forwards that wait for one. */
final class CallerThreads {
    private static final int FEWEST_THREADS = 4;
    private static final long IDLE_SECONDS = 10;
    private static final int WAITING_FORWARDS = 256;

    private CallerThreads() {}

    /** Returns threads for one handle on a model, which the handle shuts down. */
    static ExecutorService of(String model) {
        int threads = Math.max(FEWEST_THREADS, Runtime.getRuntime().availableProcessors());
        ThreadPoolExecutor callers = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_FORWARDS),
                task -> {
                    Thread thread = new Thread(task, "expertgrid." + model + ".forward");
                    thread.setDaemon(true);
                    return thread;
                },
                (task, pool) -> {
                    if (pool.isShutdown()) {
                        throw DeployedModel.closed(model);
                    }
                    // When the queue is full the calling thread runs the forward itself; this slows the caller down.
                    task.run();
                });
        callers.allowCoreThreadTimeOut(true);
        return callers;
    }
}
