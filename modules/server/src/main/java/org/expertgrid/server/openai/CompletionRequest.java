package org.expertgrid.server.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.expertgrid.decoder.sampling.Sampling;

/**
 * The body of {@code POST /v1/completions}.
 *
 * @param model the model's name
 * @param prompts at least one
 * @param samplings how each of the texts is chosen that follow a prompt; the same for every prompt
 */
public record CompletionRequest(String model, List<Prompt> prompts, List<Sampling> samplings, Streaming streaming) {
    private static final int USUAL_TOKENS = 16;

    /** The prompt of a completion: a text, or tokens. */
    public sealed interface Prompt {}

    /** A prompt that is a text. */
    public record TextPrompt(String text) implements Prompt {}

    /** A prompt that is tokens; the array is shared. */
    public record TokenPrompt(int[] ids) implements Prompt {}

    /**
     * Reads a request.
     *
     * @param otherwiseSeed the seed where the request has none
     * @throws ApiException that names everything that is wrong
     */
    public static CompletionRequest read(Map<String, ?> body, long otherwiseSeed) {
        Fields fields = Fields.of(body);
        fields.ignore(SamplingFields.HARMLESS);
        Sampling.Builder sampling = SamplingFields.read(fields)
                .maxTokens(fields.integer("max_tokens", 1, Integer.MAX_VALUE).orElse(USUAL_TOKENS));
        long seed = fields.integer("seed").orElse(otherwiseSeed);
        fields.integer("logprobs", 0, Limits.TOP_LOG_PROBABILITIES).ifPresent(sampling::logProbabilities);
        fields.unsupported("echo", false);
        fields.unsupported("suffix", "");
        int choices = fields.integer("n", 1, Limits.CHOICES).orElse(1);
        fields.unsupported("best_of", choices);
        fields.unsupported("response_format", Map.of("type", "text"));
        String model = Limits.model(fields);
        List<Prompt> prompts = prompts(fields);
        if (prompts.size() * choices > Limits.CHOICES) {
            fields.problem("prompt", prompts.size(), "at most " + Limits.CHOICES + " texts in all");
        }
        Streaming streaming = Streaming.read(fields);
        fields.finish();
        return new CompletionRequest(model, prompts, SamplingFields.each(sampling, seed, choices), streaming);
    }

    private static List<Prompt> prompts(Fields fields) {
        Object prompt = fields.value("prompt");
        if (prompt instanceof String text) {
            return List.of(new TextPrompt(text));
        }
        if (!(prompt instanceof List<?> list) || list.isEmpty()) {
            fields.problem("prompt", prompt, "a string, strings, or ids of tokens");
            return List.of();
        }
        if (list.get(0) instanceof Integer) {
            return List.of(new TokenPrompt(Limits.ids(fields, "prompt", list)));
        }
        List<Prompt> prompts = new ArrayList<>();
        for (Object element : list) {
            if (element instanceof String text) {
                prompts.add(new TextPrompt(text));
            } else if (element instanceof List<?> ids && !ids.isEmpty()) {
                prompts.add(new TokenPrompt(Limits.ids(fields, "prompt", ids)));
            } else {
                fields.problem("prompt", element, "a string, or ids of tokens");
            }
        }
        return prompts;
    }
}
