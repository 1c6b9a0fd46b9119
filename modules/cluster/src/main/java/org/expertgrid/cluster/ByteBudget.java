package org.expertgrid.cluster;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the bytes that one caller has on their way: whoever would exceed the bound waits, in the order of arrival, and does not
 * fail. A message larger than the whole bound goes alone.
 *
 * <p>Safe for use by many threads.
 */
final class ByteBudget {
    private static final int UNIT = 1024;

    private final int units;
    private final Semaphore free;

    ByteBudget(long bytes) {
        this.units = Math.toIntExact(Math.max(1, bytes / UNIT));
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

    /** Returns the bytes that are out, rounded up. */
    long out() {
        return (long) (units - free.availablePermits()) * UNIT;
    }

    private int units(long bytes) {
        return (int) Math.min(units, (bytes + UNIT - 1) / UNIT);
    }
}
