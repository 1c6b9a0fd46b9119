package org.expertgrid.decoder.generation;

import java.util.List;
import org.expertgrid.decoder.sampling.SampledToken;

/**
 * A text that has ended.
 *
 * @param promptTokens how many tokens the prompt has
 * @param tokens the tokens of the text, without the one that ended it
 * @param text the text, without a stop text
 * @param finishReason why it ended
 * @param times where the time went
 */
public record GenerationResult(
        int promptTokens, List<SampledToken> tokens, String text, FinishReason finishReason, GenerationTimes times) {
    private static final double NANOS_PER_SECOND = 1e9;

    public GenerationResult {
        tokens = List.copyOf(tokens);
    }

    /** Returns the ids of the tokens. */
    public int[] ids() {
        return tokens.stream().mapToInt(SampledToken::id).toArray();
    }

    /** Returns how many tokens of the prompt were read in a second; 0 where the prompt was not read to its end. */
    public double promptTokensPerSecond() {
        return times.promptNanos() == 0 ? 0 : promptTokens * NANOS_PER_SECOND / times.promptNanos();
    }

    /** Returns how many tokens came in a second after the first one; 0 where no second one came. */
    public double tokensPerSecond() {
        return times.answerNanos() == 0 ? 0 : (tokens.size() - 1) * NANOS_PER_SECOND / times.answerNanos();
    }
}
