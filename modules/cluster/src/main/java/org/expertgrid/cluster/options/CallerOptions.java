package org.expertgrid.cluster.options;

import java.time.Duration;
import org.expertgrid.experts.errors.Problems;

/**
 * How one handle on a deployed model calls it.
 *
 * @param deadline what a forward may take, retries included; 1 millisecond to 1 day
 * @param bytesOnTheirWay the rows and results that all forwards of the handle may have between here and the members at the same
 *     time, in bytes, or less where members have less room; a forward that would exceed it waits
 * @param batchingWindow how long a small forward waits for others to share its tasks with, at most 200 microseconds; zero for not
 *     at all. While one such batch is under way the next one fills, for up to 100 milliseconds
 */
public record CallerOptions(Duration deadline, long bytesOnTheirWay, Duration batchingWindow) {
    private static final Duration SHORTEST_DEADLINE = Duration.ofMillis(1);
    private static final Duration LONGEST_DEADLINE = Duration.ofDays(1);
    private static final Duration LONGEST_WINDOW = Duration.ofNanos(200_000);
    private static final long FEWEST_BYTES = 1024;

    public CallerOptions {
        new Problems()
                .expect(
                        deadline.compareTo(SHORTEST_DEADLINE) >= 0 && deadline.compareTo(LONGEST_DEADLINE) <= 0,
                        "deadline",
                        deadline,
                        "1 millisecond to 1 day")
                .expect(bytesOnTheirWay >= FEWEST_BYTES, "bytesOnTheirWay", bytesOnTheirWay, "at least " + FEWEST_BYTES)
                .expect(
                        !batchingWindow.isNegative() && batchingWindow.compareTo(LONGEST_WINDOW) <= 0,
                        "batchingWindow",
                        batchingWindow,
                        "0 to 200 microseconds")
                .throwIfAny();
    }

    /** Returns a deadline of 30 s, 256 MiB on their way, and no batching. */
    public static CallerOptions defaults() {
        return new CallerOptions(Duration.ofSeconds(30), 256L << 20, Duration.ZERO);
    }

    /** Returns these options with another deadline. */
    public CallerOptions withDeadline(Duration deadline) {
        return new CallerOptions(deadline, bytesOnTheirWay, batchingWindow);
    }

    /** Returns these options with another bound on the bytes between here and the members. */
    public CallerOptions withBytesOnTheirWay(long bytesOnTheirWay) {
        return new CallerOptions(deadline, bytesOnTheirWay, batchingWindow);
    }

    /** Returns these options with another batching window. */
    public CallerOptions withBatchingWindow(Duration batchingWindow) {
        return new CallerOptions(deadline, bytesOnTheirWay, batchingWindow);
    }
}
