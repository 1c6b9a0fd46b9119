package org.expertgrid.cluster.grid;

import java.util.concurrent.TimeUnit;

/**
 * The moment until which a caller waits, on this JVM's monotonic clock. Messages carry the time that is left instead.
 *
 * @param nanoTime the moment, as {@link System#nanoTime} counts
 */
public record Deadline(long nanoTime) {
    public static Deadline inMillis(long millis) {
        // A century is long enough, and the sum cannot wrap.
        long bounded = Math.min(Math.max(0, millis), TimeUnit.DAYS.toMillis(36_500));
        return new Deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(bounded));
    }

    /** Returns the time left in milliseconds, 0 when it has passed. */
    public long millisLeft() {
        return TimeUnit.NANOSECONDS.toMillis(nanosLeft());
    }

    /** Returns the time left in nanoseconds, 0 when it has passed. */
    public long nanosLeft() {
        return Math.max(0, nanoTime - System.nanoTime());
    }

    public boolean passed() {
        return nanoTime - System.nanoTime() <= 0;
    }
}
