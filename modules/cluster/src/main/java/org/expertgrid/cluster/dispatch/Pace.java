package org.expertgrid.cluster.dispatch;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How long the members take to answer one model's tasks, learned from their answers: for each member and each size of task, an exponential
 * mean of the time and of its deviation, as TCP estimates round trips (RFC 6298).
 *
 * <p>Tasks are of the same size if the rows times the ranks lie between the same two powers of two. Safe for use by many threads.
 */
final class Pace {
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long UNKNOWN_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final double MEAN_SHARE = 1.0 / 8;
    private static final double DEVIATION_SHARE = 1.0 / 4;
    private static final int DEVIATIONS = 4;
    /** A mean of fewer answers says little. */
    private static final int FEWEST_ANSWERS = 4;
    /** An answer that took longer than this many times the limit counts as if it had taken so long. */
    private static final int LONGEST_SAMPLE = 2;

    private final Map<Size, Estimate> estimates = new ConcurrentHashMap<>();

    /** The tasks of one member whose work has so many bits. */
    private record Size(UUID member, int bits) {
        static Size of(UUID member, long work) {
            return new Size(member, bits(work));
        }

        static int bits(long work) {
            return Long.SIZE - Long.numberOfLeadingZeros(work);
        }
    }

    private record Estimate(int answers, double mean, double deviation) {
        Estimate with(long nanos) {
            double difference = Math.abs(nanos - mean);
            return new Estimate(
                    answers + 1,
                    mean + MEAN_SHARE * (nanos - mean),
                    deviation + DEVIATION_SHARE * (difference - deviation));
        }

        boolean isKnown() {
            return answers >= FEWEST_ANSWERS;
        }

        long late() {
            return Math.max(SHORTEST_NANOS, (long) Math.max(2 * mean, mean + DEVIATIONS * deviation));
        }
    }

    /** Learns from an answer. */
    void answered(UUID member, long work, long nanos) {
        estimates.merge(
                Size.of(member, work),
                new Estimate(1, nanos, nanos / 2.0),
                (known, first) -> known.with(Math.min(nanos, LONGEST_SAMPLE * known.late())));
    }

    /** Returns whether a member has answered enough tasks of that size to tell how long it takes. */
    boolean knows(UUID member, long work) {
        Estimate estimate = estimates.get(Size.of(member, work));
        return estimate != null && estimate.isKnown();
    }

    /** Returns after how many nanoseconds an answer is late. What is not known of a member is taken from the slowest of the others. */
    long lateNanos(UUID member, long work) {
        if (knows(member, work)) {
            return estimates.get(Size.of(member, work)).late();
        }
        return known(work).mapToLong(Estimate::late).max().orElse(UNKNOWN_NANOS);
    }

    /** Returns whether any member has answered enough tasks of that size. */
    boolean knowsAny(long work) {
        return known(work).findAny().isPresent();
    }

    private Stream<Estimate> known(long work) {
        return estimates.entrySet().stream()
                .filter(entry -> entry.getKey().bits() == Size.bits(work))
                .map(Map.Entry::getValue)
                .filter(Estimate::isKnown);
    }
}
