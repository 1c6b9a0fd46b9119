package org.expertgrid.server.sessions;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Runs tasks one after another, in their order, on the threads of another executor. Safe for use by many threads. */
final class SerialExecutor implements Executor {
    private final Executor threads;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    SerialExecutor(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        threads.execute(this::run);
    }

    private void run() {
        Runnable task = next();
        while (task != null) {
            task.run();
            task = next();
        }
    }

    private synchronized Runnable next() {
        Runnable task = tasks.poll();
        running = task != null;
        return task;
    }
}
