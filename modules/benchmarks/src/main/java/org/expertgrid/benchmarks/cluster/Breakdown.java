package org.expertgrid.benchmarks.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.expertgrid.cluster.status.MoeStatistics;

/**
 * Where a caller's time goes, by its own account, as a mean over forwards; the caller's own computing is what is left.
 *
 * @param routing milliseconds in the router
 * @param encoding in making tasks and handing them over
 * @param waiting for other members
 * @param combining answers
 */
record Breakdown(double routing, double encoding, double waiting, double combining) {
    private static final double NANOS_OF_MILLISECOND = 1e6;

    /** Returns what happened between two snapshots of one handle. */
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
