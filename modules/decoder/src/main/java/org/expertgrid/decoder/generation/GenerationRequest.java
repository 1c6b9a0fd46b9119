package org.expertgrid.decoder.generation;

import java.time.Duration;
import java.util.Optional;
import org.expertgrid.decoder.sampling.Sampling;
import org.expertgrid.experts.errors.Problems;

/**
 * One text to make.
 *
 * <p>The array is shared, not copied: it must not change any more.
 *
 * @param prompt the tokens that the text follows, at least one
 * @param sampling how tokens are chosen, and when the text ends
 * @param timeLimit how long it may take, waiting included
 * @param withSpecialTokens whether special tokens appear in the text by their names
 */
public record GenerationRequest(
        int[] prompt, Sampling sampling, Optional<Duration> timeLimit, boolean withSpecialTokens) {
    public GenerationRequest {
        Problems problems =
                new Problems().expect(prompt.length >= 1, "tokens of the prompt", prompt.length, "at least 1");
        timeLimit.ifPresent(
                limit -> problems.expect(!limit.isNegative() && !limit.isZero(), "timeLimit", limit, "more than 0"));
        problems.throwIfAny();
    }

    /** Makes a request without a time limit. */
    public GenerationRequest(int[] prompt, Sampling sampling) {
        this(prompt, sampling, Optional.empty(), false);
    }

    /** Returns this request with a time limit. */
    public GenerationRequest withTimeLimit(Duration limit) {
        return new GenerationRequest(prompt, sampling, Optional.of(limit), withSpecialTokens);
    }
}
