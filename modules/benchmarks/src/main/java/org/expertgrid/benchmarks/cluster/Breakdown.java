package org.expertgrid.benchmarks.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.expertgrid.cluster.status.MoeStatistics;

/**
 * The parts of a caller's time in milliseconds, from its own statistics, as means over forwards. The rest is the caller's own
 * computing.
 *
 * @param routing the time in the router
 * @param encoding the time to make and submit tasks
 * @param waiting the time until other members have answered
 * @param combining the time to combine answers
 */
record Breakdown(double routing, double encoding, double waiting, double combining) {
    private static final double NANOS_OF_MILLISECOND = 1e6;

    /** Returns the parts of the time between two snapshots of the statistics of one handle. */
    static Breakdown between(MoeStatistics before, MoeStatistics after) {
        long forwards = after.forwards() - before.forwards();
        Function<Function<MoeStatistics, Duration>, Double> mean =
                part -> part.apply(after).minus(part.apply(before)).toNanos() / NANOS_OF_MILLISECOND / forwards;
        return new Breakdown(
                mean.apply(MoeStatistics::routing),
                mean.apply(MoeStatistics::encoding),
                mean.apply(MoeStatistics::waiting),
                mean.apply(MoeStatistics::combining));
    }

    Map<String, Double> json() {
        return Map.of("routing_ms", routing, "encoding_ms", encoding, "waiting_ms", waiting, "combining_ms", combining);
    }
}
