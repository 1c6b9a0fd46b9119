package org.expertgrid.decoder.sampling;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.expertgrid.experts.errors.Problems;

/**
 * How the tokens of one text are chosen, and when it ends.
 *
 * @param temperature what logits are divided by; 0 takes the most probable token, always
 * @param topK how many of the most probable tokens may be chosen; 0 for all
 * @param topP only the most probable tokens may be chosen that together have this probability
 * @param minP only tokens may be chosen that are at least this times as probable as the most probable one
 * @param repetitionPenalty what the logit of a token is divided by, or multiplied with if it is negative, that is in the prompt or the text
 * @param presencePenalty what is taken from the logit of a token that is in the text
 * @param frequencyPenalty what is taken from the logit of a token for each time that it is in the text
 * @param logitBias what is added to the logits of single tokens
 * @param seed the same seed gives the same text
 * @param stopTexts what ends the text where it would appear
 * @param stopIds tokens that end the text, beside those of the model
 * @param ignoreEnd whether the text goes on after a token with which the model ends it
 * @param maxTokens how many tokens the text has at most
 * @param logProbabilities how many of the most probable tokens are told at each place, beside the chosen one; empty if no
 *     probabilities are
 */
public record Sampling(
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        double presencePenalty,
        double frequencyPenalty,
        Map<Integer, Double> logitBias,
        long seed,
        List<String> stopTexts,
        Set<Integer> stopIds,
        boolean ignoreEnd,
        int maxTokens,
        OptionalInt logProbabilities) {
    /** The most probable token each time, up to the end that the model sets. */
    public static final Sampling GREEDY = builder().temperature(0).build();

    private static final int MOST_LOG_PROBABILITIES = 100;
    private static final double STRONGEST_PENALTY = 2;
    private static final double STRONGEST_BIAS = 100;

    /**
     * Checks all values.
     *
     * @throws IllegalArgumentException that names each value that is wrong
     */
    public Sampling {
        logitBias = Map.copyOf(logitBias);
        stopTexts = List.copyOf(stopTexts);
        stopIds = Set.copyOf(stopIds);
        Problems problems = new Problems()
                .expect(temperature >= 0 && Double.isFinite(temperature), "temperature", temperature, "at least 0")
                .expect(topK >= 0, "topK", topK, "at least 1, or 0 for all")
                .expect(topP > 0 && topP <= 1, "topP", topP, "more than 0, at most 1")
                .expect(minP >= 0 && minP <= 1, "minP", minP, "0 to 1")
                .expect(
                        repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                        "repetitionPenalty",
                        repetitionPenalty,
                        "more than 0")
                .expect(Math.abs(presencePenalty) <= STRONGEST_PENALTY, "presencePenalty", presencePenalty, "-2 to 2")
                .expect(
                        Math.abs(frequencyPenalty) <= STRONGEST_PENALTY,
                        "frequencyPenalty",
                        frequencyPenalty,
                        "-2 to 2")
                .expect(maxTokens > 0, "maxTokens", maxTokens, "at least 1");
        new TreeMap<>(logitBias)
                .forEach((id, bias) -> problems.expect(id >= 0, "logitBias", id, "ids from 0 on")
                        .expect(Math.abs(bias) <= STRONGEST_BIAS, "logitBias." + id, bias, "-100 to 100"));
        stopTexts.forEach(text -> problems.expect(!text.isEmpty(), "stopTexts", "''", "texts that are not empty"));
        new TreeSet<>(stopIds).forEach(id -> problems.expect(id >= 0, "stopIds", id, "ids from 0 on"));
        logProbabilities.ifPresent(count -> problems.expect(
                count >= 0 && count <= MOST_LOG_PROBABILITIES,
                "logProbabilities",
                count,
                "0 to " + MOST_LOG_PROBABILITIES));
        problems.throwIfAny();
    }

    /** Returns a builder with temperature 1, no seed but 0, nothing else that changes the model's choice, and no limit. */
    public static Builder builder() {
        return new Builder();
    }

    /** Tells whether the most probable token is taken, always. */
    public boolean isGreedy() {
        return temperature == 0;
    }

    /** Tells whether logits are changed before a token is chosen, by penalties or biases. */
    boolean changesLogits() {
        return repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0 || !logitBias.isEmpty();
    }

    /** Sets one value after the other; {@link #build} checks them all. For one thread. */
    public static final class Builder {
        private double temperature = 1;
        private int topK;
        private double topP = 1;
        private double minP;
        private double repetitionPenalty = 1;
        private double presencePenalty;
        private double frequencyPenalty;
        private Map<Integer, Double> logitBias = Map.of();
        private long seed;
        private List<String> stopTexts = List.of();
        private Set<Integer> stopIds = Set.of();
        private boolean ignoreEnd;
        private int maxTokens = Integer.MAX_VALUE;
        private OptionalInt logProbabilities = OptionalInt.empty();

        private Builder() {}

        public Builder temperature(double value) {
            temperature = value;
            return this;
        }

        public Builder topK(int value) {
            topK = value;
            return this;
        }

        public Builder topP(double value) {
            topP = value;
            return this;
        }

        public Builder minP(double value) {
            minP = value;
            return this;
        }

        public Builder repetitionPenalty(double value) {
            repetitionPenalty = value;
            return this;
        }

        public Builder presencePenalty(double value) {
            presencePenalty = value;
            return this;
        }

        public Builder frequencyPenalty(double value) {
            frequencyPenalty = value;
            return this;
        }

        public Builder logitBias(Map<Integer, Double> value) {
            logitBias = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder stopTexts(List<String> value) {
            stopTexts = value;
            return this;
        }

        public Builder stopIds(Set<Integer> value) {
            stopIds = value;
            return this;
        }

        public Builder ignoreEnd(boolean value) {
            ignoreEnd = value;
            return this;
        }

        public Builder maxTokens(int value) {
            maxTokens = value;
            return this;
        }

        /** Asks for the probability of each chosen token, and of so many of the most probable ones. */
        public Builder logProbabilities(int value) {
            logProbabilities = OptionalInt.of(value);
            return this;
        }

        /**
         * Returns what was set.
         *
         * @throws IllegalArgumentException that names each value that is wrong
         */
        public Sampling build() {
            return new Sampling(
                    temperature,
                    topK,
                    topP,
                    minP,
                    repetitionPenalty,
                    presencePenalty,
                    frequencyPenalty,
                    logitBias,
                    seed,
                    stopTexts,
                    stopIds,
                    ignoreEnd,
                    maxTokens,
                    logProbabilities);
        }
    }
}
