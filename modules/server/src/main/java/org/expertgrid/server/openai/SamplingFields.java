package org.expertgrid.server.openai;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.expertgrid.decoder.sampling.Sampling;

/** Reads the fields that say how tokens are chosen, which requests of both kinds have. */
final class SamplingFields {
    private static final int MOST_STOP_TEXTS = 4;

    /** Fields that clients send and that change no answer. */
    static final Set<String> HARMLESS = Set.of(
            "user",
            "metadata",
            "store",
            "service_tier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "prediction",
            "safety_identifier");

    private SamplingFields() {}

    /** Reads all but the log probabilities, the number of tokens and the seed. */
    static Sampling.Builder read(Fields fields) {
        Sampling.Builder sampling = Sampling.builder();
        fields.number("temperature", 0, Double.MAX_VALUE).ifPresent(sampling::temperature);
        fields.number("top_p", Double.MIN_VALUE, 1).ifPresent(sampling::topP);
        fields.number("min_p", 0, 1).ifPresent(sampling::minP);
        fields.integer("top_k", -1, Integer.MAX_VALUE).ifPresent(k -> sampling.topK(Math.max(0, k)));
        fields.number("presence_penalty", -2, 2).ifPresent(sampling::presencePenalty);
        fields.number("frequency_penalty", -2, 2).ifPresent(sampling::frequencyPenalty);
        fields.number("repetition_penalty", Double.MIN_VALUE, Double.MAX_VALUE).ifPresent(sampling::repetitionPenalty);
        return sampling.logitBias(biases(fields))
                .stopTexts(stopTexts(fields))
                .stopIds(stopIds(fields))
                .ignoreEnd(fields.flag("ignore_eos"));
    }

    /** Returns how each of a prompt's texts is chosen: alike but for the seed, which counts up. */
    static List<Sampling> each(Sampling.Builder sampling, long seed, int choices) {
        return IntStream.range(0, choices)
                .mapToObj(choice -> sampling.seed(seed + choice).build())
                .toList();
    }

    private static Map<Integer, Double> biases(Fields fields) {
        Map<Integer, Double> biases = new HashMap<>();
        fields.object("logit_bias")
                .ifPresent(object -> object.names().forEach(name -> {
                    try {
                        object.number(name, -100, 100)
                                .ifPresent(bias -> biases.put(Integer.parseUnsignedInt(name), bias));
                    } catch (NumberFormatException e) {
                        fields.problem("logit_bias", name, "ids of tokens as names");
                    }
                }));
        return biases;
    }

    private static List<String> stopTexts(Fields fields) {
        Object stop = fields.value("stop");
        List<?> texts = stop == null ? List.of() : stop instanceof List<?> list ? list : List.of(stop);
        boolean good = texts.size() <= MOST_STOP_TEXTS
                && texts.stream().allMatch(text -> text instanceof String string && !string.isEmpty());
        if (!good) {
            fields.problem("stop", stop, "a string that is not empty, or up to " + MOST_STOP_TEXTS + " of them");
            return List.of();
        }
        return texts.stream().map(String.class::cast).toList();
    }

    private static Set<Integer> stopIds(Fields fields) {
        Set<Integer> ids = new HashSet<>();
        for (Object id : fields.list("stop_token_ids")) {
            if (id instanceof Integer integer && integer >= 0) {
                ids.add(integer);
            } else {
                fields.problem("stop_token_ids", id, "ids of tokens, from 0 on");
            }
        }
        return ids;
    }
}
