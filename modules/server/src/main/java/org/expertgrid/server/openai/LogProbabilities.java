package org.expertgrid.server.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.decoder.tokens.Vocabulary;

/** Writes the probabilities of tokens as the two endpoints have them. A token that is not a whole character appears with U+FFFD. */
final class LogProbabilities {
    private LogProbabilities() {}

    /** Returns those of a chat's answer, or null where none were asked for. */
    static Map<String, Object> ofChat(List<SampledToken> tokens, Vocabulary vocabulary) {
        List<Map<String, Object>> content = new ArrayList<>();
        for (SampledToken token : tokens) {
            token.report().ifPresent(report -> {
                Map<String, Object> entry = entry(token.id(), report.chosen(), vocabulary);
                entry.put(
                        "top_logprobs",
                        report.top().stream()
                                .map(top -> entry(top.id(), top.logProbability(), vocabulary))
                                .toList());
                content.add(entry);
            });
        }
        if (content.isEmpty()) {
            return null;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("content", content);
        json.put("refusal", null);
        return json;
    }

    private static Map<String, Object> entry(int id, double logProbability, Vocabulary vocabulary) {
        Map<String, Object> entry = new LinkedHashMap<>();
        byte[] bytes = vocabulary.bytes(id);
        entry.put("token", new String(bytes, StandardCharsets.UTF_8));
        entry.put("logprob", logProbability);
        List<Integer> unsigned = new ArrayList<>();
        for (byte b : bytes) {
            unsigned.add(Byte.toUnsignedInt(b));
        }
        entry.put("bytes", unsigned);
        return entry;
    }

    /**
     * Returns those of a completion, or null where none were asked for.
     *
     * @param offset where the text of the first of these tokens begins
     */
    static Map<String, Object> ofCompletion(List<SampledToken> tokens, int offset, Vocabulary vocabulary) {
        List<String> texts = new ArrayList<>();
        List<Double> chosen = new ArrayList<>();
        List<Map<String, Double>> top = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        int next = offset;
        for (SampledToken token : tokens) {
            String text = text(token.id(), vocabulary);
            if (token.report().isPresent()) {
                texts.add(text);
                chosen.add(token.report().get().chosen());
                Map<String, Double> most = new LinkedHashMap<>();
                token.report()
                        .get()
                        .top()
                        .forEach(entry -> most.put(text(entry.id(), vocabulary), entry.logProbability()));
                top.add(most);
                offsets.add(next);
            }
            next += text.length();
        }
        if (texts.isEmpty()) {
            return null;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("tokens", texts);
        json.put("token_logprobs", chosen);
        json.put("top_logprobs", top);
        json.put("text_offset", offsets);
        return json;
    }

    private static String text(int id, Vocabulary vocabulary) {
        return new String(vocabulary.bytes(id), StandardCharsets.UTF_8);
    }
}
