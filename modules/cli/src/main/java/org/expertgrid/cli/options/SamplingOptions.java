package org.expertgrid.cli.options;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.expertgrid.decoder.sampling.Sampling;
import picocli.CommandLine.Option;

/** The options that say how tokens are chosen and when a text ends. */
public final class SamplingOptions {
    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "The most tokens of the answer (${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0",
            description = "What logits are divided by; 0 takes the most probable token each time (${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Choose among the K most probable tokens; 0 for all (${DEFAULT-VALUE}).")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description =
                    "Choose among the most probable tokens that together have this probability (${DEFAULT-VALUE}).")
    private double topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            defaultValue = "0",
            description =
                    "Choose among tokens that are at least this times as probable as the best one (${DEFAULT-VALUE}).")
    private double minP;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "The same seed gives the same text; without one, each text has a seed of its own.")
    private Long seed;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "A text that ends the answer and is left out of it; can be given several times.")
    private List<String> stops = List.of();

    @Option(names = "--ignore-eos", description = "Go on after a token with which the model ends its answer.")
    private boolean ignoreEnd;

    /**
     * Returns these options as a value.
     *
     * @throws IllegalArgumentException if a value is out of range; names every one
     */
    public Sampling sampling() {
        return Sampling.builder()
                .maxTokens(maxTokens)
                .temperature(temperature)
                .topK(topK)
                .topP(topP)
                .minP(minP)
                .seed(seed == null ? ThreadLocalRandom.current().nextLong() : seed)
                .stopTexts(stops)
                .ignoreEnd(ignoreEnd)
                .build();
    }
}
