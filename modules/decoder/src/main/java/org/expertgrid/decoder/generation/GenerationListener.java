package org.expertgrid.decoder.generation;

import org.expertgrid.decoder.sampling.SampledToken;

/**
 * Receives a text while it is generated. All calls come one after another from the thread that makes all texts: they must be short. What one of
 * them throws ends this text with that failure.
 */
public interface GenerationListener {
    /** Takes each chosen token that belongs to the text. */
    default void token(SampledToken token) {}

    /** Takes the next piece of the text: whole characters, and none that could still belong to a stop text. */
    default void text(String piece) {}

    /** Takes the result, after all tokens and pieces; is not called where the text fails. */
    default void ended(GenerationResult result) {}

    /** Takes the failure that ended the text; no other call follows. */
    default void failed(Throwable cause) {}
}
