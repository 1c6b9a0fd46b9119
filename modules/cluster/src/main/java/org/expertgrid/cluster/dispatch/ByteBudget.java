package org.expertgrid.cluster.dispatch;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.grid.Deadline;

/**
 * Bounds the bytes that one caller has on their way: a message that would exceed the bound waits, in the order of arrival, and does not
 * fail. A message larger than the whole bound goes alone.
 *
 * <p>Safe for use by many threads.
 */
final class ByteBudget {
    private static final int UNIT = 1024;

    private final int units;
    private final Semaphore free;

    ByteBudget(long bytes) {
        this.units = (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes / UNIT));
        this.free = new Semaphore(units, true);
    }

    /** Takes that many bytes out of the budget, when they are there; returns whether they were before the deadline. */
    boolean acquire(long bytes, Deadline deadline) throws InterruptedException {
        return free.tryAcquire(units(bytes), deadline.millisLeft(), TimeUnit.MILLISECONDS);
    }

    /** Gives back what {@link #acquire} took for the same number of bytes. */
    void release(long bytes) {
        free.release(units(bytes));
    }

    /** Returns the bound, in bytes. */
    long total() {
        return (long) units * UNIT;
    }

    private int units(long bytes) {
        return (int) Math.min(units, (bytes + UNIT - 1) / UNIT);
    }
}
