package org.expertgrid.server.replies;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.expertgrid.decoder.generation.GenerationResult;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.server.answers.AnswerReader;
import org.expertgrid.server.answers.Part;
import org.expertgrid.server.openai.ApiException;
import org.expertgrid.server.openai.Envelope;
import org.expertgrid.server.openai.Usage;
import org.expertgrid.server.sessions.Receiver;

/** Answers a chat at once, when all answers have ended. */
public final class ChatReply implements Receiver {
    private final Output output;
    private final Envelope envelope;
    private final List<AnswerReader> readers;
    private final int promptTokens;
    private final Object[] choices;
    private int completionTokens;

    /**
     * Begins a reply.
     *
     * @param readers one for each answer
     */
    public ChatReply(Output output, Envelope envelope, List<AnswerReader> readers, int promptTokens) {
        this.output = output;
        this.envelope = envelope;
        this.readers = readers;
        this.promptTokens = promptTokens;
        this.choices = new Object[readers.size()];
    }

    @Override
    public void piece(int choice, String piece, List<SampledToken> tokens) {
        // The result has the whole text.
    }

    @Override
    public void ended(int choice, GenerationResult result, List<SampledToken> tokens) {
        completionTokens += result.tokens().size();
        List<Part> parts = new ArrayList<>(readers.get(choice).add(result.text()));
        parts.addAll(readers.get(choice).end());
        StringBuilder content = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Object> calls = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.Content text) {
                content.append(text.text());
            } else if (part instanceof Part.Reasoning thought) {
                reasoning.append(thought.text());
            } else if (part instanceof Part.ToolCall call) {
                calls.add(json(call));
            }
        }
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", "assistant");
        message.put("content", content.isEmpty() && !calls.isEmpty() ? null : content.toString());
        message.put("refusal", null);
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        if (!calls.isEmpty()) {
            message.put("tool_calls", calls);
        }
        String reason = calls.isEmpty() ? Envelope.reason(result.finishReason()) : "tool_calls";
        choices[choice] = envelope.chatChoice(choice, message, result.tokens(), reason);
    }

    private static Map<String, Object> json(Part.ToolCall call) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", call.name());
        function.put("arguments", call.arguments());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", "call_" + UUID.randomUUID().toString().replace("-", ""));
        json.put("type", "function");
        json.put("function", function);
        return json;
    }

    @Override
    public void completed() {
        output.whole(envelope.chat(List.of(choices), new Usage(promptTokens, completionTokens)));
    }

    @Override
    public void failed(ApiException cause) {
        output.error(cause);
    }

    @Override
    public void waiting() {
        output.ping();
    }
}
