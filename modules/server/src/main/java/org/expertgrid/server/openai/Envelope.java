package org.expertgrid.server.openai;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.expertgrid.decoder.generation.FinishReason;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.decoder.tokens.Vocabulary;

/**
 * The fields that all pieces of one answer have in common, and the form in which they are written.
 *
 * @param id of the answer
 * @param created in seconds since 1970
 */
public record Envelope(String id, long created, String model, Vocabulary vocabulary) {

    /** Returns an envelope for a new answer to a chat. */
    public static Envelope ofChat(String model, Vocabulary vocabulary) {
        return of("chatcmpl-", model, vocabulary);
    }

    /** Returns an envelope for a new completion. */
    public static Envelope ofCompletion(String model, Vocabulary vocabulary) {
        return of("cmpl-", model, vocabulary);
    }

    private static Envelope of(String prefix, String model, Vocabulary vocabulary) {
        String id = prefix + UUID.randomUUID().toString().replace("-", "");
        return new Envelope(id, Instant.now().getEpochSecond(), model, vocabulary);
    }

    private Map<String, Object> json(String object, List<?> choices) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("object", object);
        json.put("created", created);
        json.put("model", model);
        json.put("choices", choices);
        return json;
    }

    private static Map<String, Object> choice(
            int index, String name, Object value, Object logProbabilities, String reason) {
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("index", index);
        choice.put(name, value);
        choice.put("logprobs", logProbabilities);
        choice.put("finish_reason", reason);
        return choice;
    }

    /** Returns why a text ended, in the API's words. */
    public static String reason(FinishReason reason) {
        return reason == FinishReason.STOP ? "stop" : "length";
    }

    /**
     * Returns a piece of a chat's answer.
     *
     * @param reason why the text has ended, or null
     */
    public Map<String, Object> chatChunk(
            int index, Map<String, Object> delta, List<SampledToken> tokens, String reason) {
        Object probabilities = LogProbabilities.ofChat(tokens, vocabulary);
        return json("chat.completion.chunk", List.of(choice(index, "delta", delta, probabilities, reason)));
    }

    /** Returns the piece that has the numbers of tokens of a chat. */
    public Map<String, Object> chatUsageChunk(Usage usage) {
        return with(json("chat.completion.chunk", List.of()), usage);
    }

    /** Returns one of a chat's whole answers. */
    public Map<String, Object> chatChoice(
            int index, Map<String, Object> message, List<SampledToken> tokens, String reason) {
        return choice(index, "message", message, LogProbabilities.ofChat(tokens, vocabulary), reason);
    }

    /** Returns a chat's whole answer. */
    public Map<String, Object> chat(List<?> choices, Usage usage) {
        return with(json("chat.completion", choices), usage);
    }

    /**
     * Returns one text of a completion, or a piece of it.
     *
     * @param offset where the piece begins in the text
     * @param reason why the text has ended, or null
     */
    public Map<String, Object> completionChoice(
            int index, String text, int offset, List<SampledToken> tokens, String reason) {
        return choice(index, "text", text, LogProbabilities.ofCompletion(tokens, offset, vocabulary), reason);
    }

    /** Returns a piece of a completion. */
    public Map<String, Object> completionChunk(Map<String, Object> choice) {
        return json("text_completion", List.of(choice));
    }

    /** Returns a whole completion; without choices, the piece that has the numbers of tokens. */
    public Map<String, Object> completion(List<?> choices, Usage usage) {
        return with(json("text_completion", choices), usage);
    }

    private static Map<String, Object> with(Map<String, Object> json, Usage usage) {
        json.put("usage", usage.json());
        return json;
    }
}
