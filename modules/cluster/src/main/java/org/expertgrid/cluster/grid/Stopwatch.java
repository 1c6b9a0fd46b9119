package org.expertgrid.cluster.grid;

import java.util.concurrent.atomic.LongAdder;

/** Measures times in nanoseconds, as {@link System#nanoTime} counts. */
public final class Stopwatch {
    private Stopwatch() {}

    /** Adds the time since {@code start} to {@code nanos} and returns the time now. */
    public static long since(long start, LongAdder nanos) {
        long now = System.nanoTime();
        nanos.add(now - start);
        return now;
    }
}
