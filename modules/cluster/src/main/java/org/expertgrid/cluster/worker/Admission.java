package org.expertgrid.cluster.worker;

import com.hazelcast.config.Config;
import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;
import org.expertgrid.cluster.grid.GridNames;

/**
 * Bounds the tasks that have arrived at a member and have not been answered: by number, so that there are always threads to turn
 * others away at once, and by memory. A task that is larger than the whole room is let in alone.
 *
 * <p>Safe for use by many threads.
 */
final class Admission {
    private static final String CONTEXT_KEY = "expertgrid.waiting-room";
    /** The share of the task threads that is kept for turning away. */
    private static final int SHARE_OF_THREADS = 8;
    /** The bytes received, the block that is copied from them, and the matrix that is decoded from the block. */
    private static final int COPIES = 3;

    private final int places;
    private long bytes;
    private final Cleaner cleaner = Cleaner.create();
    private int tasks;
    private long taken;

    Admission(int places, long bytes) {
        this.places = places;
        this.bytes = bytes;
    }

    /** Returns the admission of a member that is configured so. */
    static Admission of(Config config, long bytes) {
        int threads = config.getExecutorConfig(GridNames.EXECUTOR).getPoolSize();
        return new Admission(Math.max(1, threads - threads / SHARE_OF_THREADS), bytes);
    }

    /** Changes how many bytes the tasks that are let in from now on may take. */
    synchronized void limit(long bytes) {
        this.bytes = bytes;
    }

    /**
     * Lets a task in, if there is room for its block; otherwise returns null.
     *
     * @return gives back the place when it is {@linkplain Cleanable#clean cleaned}, or when nothing refers to the task any more:
     *     Hazelcast may drop a task without running it
     */
    synchronized Cleanable admit(Object task, int blockBytes) {
        long needed = (long) COPIES * blockBytes;
        if (tasks >= places || (tasks > 0 && taken + needed > bytes)) {
            return null;
        }
        tasks++;
        taken += needed;
        return cleaner.register(task, () -> leave(needed));
    }

    private synchronized void leave(long needed) {
        tasks--;
        taken -= needed;
    }

    /** Returns what is in it, in words. */
    @Override
    public synchronized String toString() {
        return tasks + " tasks wait, with " + (taken >> 20) + " MiB (room for " + places + ", with " + (bytes >> 20)
                + " MiB)";
    }
}
