package org.expertgrid.cluster.worker;

import java.util.concurrent.TimeUnit;

/**
 * When tiles are collected: often just after a move, every two seconds in calm, and with pauses, because partition threads have other work, too.
 *
 * <p>Times are those of {@link System#nanoTime}. For one thread.
 */
final class CollectingTimes {
    /** After a round, tiles are not collected for so many times as long as it took. */
    private static final int PAUSE = 4;
    /**
     * The longest time between two collections; it is shorter soon after a move. Hazelcast may fill a holder of backups later than it tells of it, and may
     * fill it again without telling.
     */
    static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(2);

    private long movesSeen;
    /** When a move was last seen. */
    private long movedAt;
    /** When collecting last began, for the same move or a new one. */
    private long begunAt;

    private long resumeAt;

    CollectingTimes(long now) {
        movedAt = now;
        begunAt = now;
        resumeAt = now;
    }

    /** Returns whether the pause after the round before is over. */
    boolean mayCollect(long now) {
        return now - resumeAt >= 0;
    }

    /**
     * Returns whether all tiles are to be collected anew, and no longer only those that failed before.
     *
     * @param moves the number of moves of partitions so far
     */
    boolean beginsAnew(long now, long moves) {
        if (moves != movesSeen) {
            movesSeen = moves;
            movedAt = now;
        }
        boolean due = now - begunAt >= Math.min(CALM_NANOS, (now - movedAt) / 2);
        if (due) {
            begunAt = now;
        }
        return due;
    }

    /** Notes a round. One that waited for a holder that does not answer did no work, so the pause after it has a limit. */
    void ended(long begin, long end) {
        resumeAt = end + Math.min(CALM_NANOS, PAUSE * (end - begin));
    }
}
