package org.expertgrid.cluster.dispatch;

/**
 * Bounds hedges by the tasks that are sent anyway: a token bucket to which every task adds a fiftieth of a token, and from which every
 * hedge takes one. So hedges make at most 2 % more tasks, beside those that a full bucket allows at once.
 *
 * <p>Safe for use by many threads.
 */
final class HedgeBudget {
    private static final double PER_TASK = 0.02;
    /** Enough for the callers that wait for the same member at the moment when it falls silent. */
    private static final double MOST = 16;

    private double tokens = MOST;

    synchronized void taskSent() {
        tokens = Math.min(MOST, tokens + PER_TASK);
    }

    /** Takes the tokens for some hedges, or none of them where there are fewer. */
    synchronized boolean take(int hedges) {
        if (tokens < hedges) {
            return false;
        }
        tokens -= hedges;
        return true;
    }
}
