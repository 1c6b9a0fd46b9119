package org.expertgrid.decoder.generation;

import java.time.Duration;
import java.util.Optional;
import org.expertgrid.decoder.grammar.JsonGrammar;
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
 * @param grammar which JSON the text must be; nothing for any text
 */
public record GenerationRequest(
        int[] prompt,
        Sampling sampling,
        Optional<Duration> timeLimit,
        boolean withSpecialTokens,
        Optional<JsonGrammar> grammar) {
    public GenerationRequest {
        Problems problems =
                new Problems().expect(prompt.length >= 1, "tokens of the prompt", prompt.length, "at least 1");
        timeLimit.ifPresent(
                limit -> problems.expect(!limit.isNegative() && !limit.isZero(), "timeLimit", limit, "more than 0"));
        problems.throwIfAny();
    }

    /** Makes a request for any text without special tokens, and without a time limit. */
    public GenerationRequest(int[] prompt, Sampling sampling) {
        this(prompt, sampling, Optional.empty(), false, Optional.empty());
    }

    /** Returns this request with a time limit. */
    public GenerationRequest withTimeLimit(Duration limit) {
        return new GenerationRequest(prompt, sampling, Optional.of(limit), withSpecialTokens, grammar);
    }

    /** Returns this request for a text in which special tokens appear by their names. */
    public GenerationRequest namingSpecialTokens() {
        return new GenerationRequest(prompt, sampling, timeLimit, true, grammar);
    }

    /** Returns this request for a text that is JSON. */
    public GenerationRequest withGrammar(JsonGrammar json) {
        return new GenerationRequest(prompt, sampling, timeLimit, withSpecialTokens, Optional.of(json));
    }
}
