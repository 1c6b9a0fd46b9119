package org.expertgrid.decoder.batching;

import java.util.OptionalInt;
import org.expertgrid.decoder.StepTimes;

/**
 * Decides how one sequence goes on. All calls come from the thread that drives the steps, so they must be short; what one of them throws
 * ends this sequence alone.
 */
public interface Continuation {
    /**
     * Returns whether the sequence has to leave before the next step: because it was cancelled, or because its time is over. It is asked before
     * each step, from the moment on in which the sequence waits.
     */
    boolean isStopped();

    /**
     * Takes the times of a step in which the sequence took part.
     *
     * @param times of the whole step
     * @param tokens how many tokens of this sequence the step has read
     */
    void stepped(StepTimes times, int tokens);

    /** Returns the token that follows, or nothing where the sequence ends; logits are those of its last token. */
    OptionalInt next(float[] logits);

    /** Tells that the sequence has left: because there was no next token, because it has become as long as it may, or because it was stopped. */
    void left();

    /** Tells that the sequence has left because of a failure. Must not throw. */
    void failed(Throwable cause);
}
