package org.expertgrid.decoder.generation;

import org.expertgrid.decoder.StepTimes;

/**
 * Where the time of one text went.
 *
 * @param waitingNanos from the request to the first step
 * @param promptNanos from the first step to the first token
 * @param answerNanos from the first token to the last
 * @param steps the times of all steps in which the text took part, other texts' share included
 */
public record GenerationTimes(long waitingNanos, long promptNanos, long answerNanos, StepTimes steps) {
    /** Returns the part of the steps' time that was spent in layers with experts, from 0 to 1. */
    public double expertShare() {
        return steps.total() == 0 ? 0 : (double) steps.experts() / steps.total();
    }
}
