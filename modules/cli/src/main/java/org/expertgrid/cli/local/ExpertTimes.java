package org.expertgrid.cli.local;

import java.time.Duration;

/**
 * The times that MoE layers measured themselves.
 *
 * @param routing in routers
 * @param sending in making tasks and giving them to the cluster
 * @param waiting in waiting for members of the cluster
 * @param combining in putting answers together
 */
public record ExpertTimes(Duration routing, Duration sending, Duration waiting, Duration combining) {
    static final ExpertTimes NONE = new ExpertTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    ExpertTimes plus(ExpertTimes other) {
        return new ExpertTimes(
                routing.plus(other.routing),
                sending.plus(other.sending),
                waiting.plus(other.waiting),
                combining.plus(other.combining));
    }

    /** Returns the times since an earlier moment. */
    public ExpertTimes since(ExpertTimes earlier) {
        return new ExpertTimes(
                routing.minus(earlier.routing),
                sending.minus(earlier.sending),
                waiting.minus(earlier.waiting),
                combining.minus(earlier.combining));
    }
}
