package org.expertgrid.decoder.sampling;

import java.util.List;
import java.util.Optional;

/**
 * A token that was chosen.
 *
 * @param report its probability, if the sampling asks for it
 */
public record SampledToken(int id, Optional<Report> report) {

    /**
     * The natural logarithms of probabilities that the model gave, before anything changed its logits.
     *
     * @param chosen that of the chosen token
     * @param top the most probable tokens, the most probable first, the lowest id first among equals
     */
    public record Report(double chosen, List<TokenProbability> top) {}

    /** A token and the natural logarithm of its probability. */
    public record TokenProbability(int id, double logProbability) {}
}
