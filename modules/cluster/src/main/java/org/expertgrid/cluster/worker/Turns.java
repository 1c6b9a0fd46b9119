package org.expertgrid.cluster.worker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.cluster.wire.Report;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.kernels.Matrix;

/**
 * The order in which a member computes its tasks: one at a time, as they arrive. A task computes on all cores, so that the next ones come
 * no later by waiting, and pieces of a batch end one by one.
 *
 * <p>Safe for use by many threads.
 */
final class Turns {
    private static final long LONGEST_WAY_BACK_MILLIS = 500;

    private final WorkerCounters counters;
    private final Semaphore cores = new Semaphore(1, true);
    private final Set<Long> waiting = ConcurrentHashMap.newKeySet();
    private final CancelledRequests abandoned = new CancelledRequests();
    /** Since when the present task has been computed, as {@link System#nanoTime} counts; null where there is none. */
    private volatile Long computingSince;

    Turns(WorkerCounters counters) {
        this.counters = counters;
    }

    /** Keeps tasks of a request from beginning. */
    void abandon(long requestId) {
        abandoned.add(requestId);
    }

    /** Returns where a task stands. */
    Report.Turn of(long requestId) {
        Long since = computingSince;
        return new Report.Turn(
                waiting.contains(requestId),
                since == null ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
    }

    /** Computes when the earlier tasks have ended, unless the caller has abandoned the task by then. */
    WorkerReply compute(long requestId, int ranks, Deadline deadline, Supplier<Matrix> result) {
        waiting.add(requestId);
        try {
            if (!cores.tryAcquire(patienceMillis(deadline), TimeUnit.MILLISECONDS)) {
                counters.turnedAway.increment();
                return WorkerReply.busy(ranks, "timed out waiting for earlier tasks");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // Only a member that is stopping interrupts its tasks: another one will have the ranks.
            return WorkerReply.of(RankStatus.MOVED, ranks, "interrupted");
        } finally {
            waiting.remove(requestId);
        }
        long start = System.nanoTime();
        computingSince = start;
        try {
            if (abandoned.contains(requestId)) {
                return WorkerReply.failed(ranks, "abandoned by its caller before its turn came");
            }
            Matrix computed = result.get();
            Stopwatch.since(start, counters.computingNanos);
            counters.tasks.increment();
            return WorkerReply.ok(ranks, computed);
        } finally {
            computingSince = null;
            cores.release();
        }
    }

    /** Returns how long a task waits for its turn: less than its caller waits, so that the reply still arrives. */
    private static long patienceMillis(Deadline deadline) {
        long left = deadline.millisLeft();
        return left - Math.min(LONGEST_WAY_BACK_MILLIS, left / 4);
    }
}
