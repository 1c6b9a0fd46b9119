package org.expertgrid.server.replies;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.expertgrid.decoder.generation.GenerationResult;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.server.answers.AnswerReader;
import org.expertgrid.server.openai.ApiException;
import org.expertgrid.server.openai.Envelope;
import org.expertgrid.server.openai.Usage;
import org.expertgrid.server.sessions.Receiver;

/** Answers a chat piece by piece: the role, the pieces, an empty one with the reason, the usage if it is asked for. */
public final class ChatStream implements Receiver {
    private final Output output;
    private final Envelope envelope;
    private final int promptTokens;
    private final boolean withUsage;
    private final List<ChatChoice> choices = new ArrayList<>();
    private final List<List<SampledToken>> unsent = new ArrayList<>();
    private final Set<Integer> begun = new HashSet<>();
    private int completionTokens;

    /**
     * Begins a reply.
     *
     * @param readers one for each answer
     */
    public ChatStream(
            Output output, Envelope envelope, List<AnswerReader> readers, int promptTokens, boolean withUsage) {
        this.output = output;
        this.envelope = envelope;
        this.promptTokens = promptTokens;
        this.withUsage = withUsage;
        readers.forEach(reader -> {
            choices.add(new ChatChoice(reader));
            unsent.add(new ArrayList<>());
        });
    }

    @Override
    public void piece(int choice, String piece, List<SampledToken> tokens) {
        unsent.get(choice).addAll(tokens);
        send(choice, choices.get(choice).add(piece));
    }

    private void send(int choice, List<Map<String, Object>> deltas) {
        begin(choice);
        for (Map<String, Object> delta : deltas) {
            output.event(envelope.chatChunk(choice, delta, taken(choice), null));
        }
    }

    private void begin(int choice) {
        if (begun.add(choice)) {
            Map<String, Object> role = new LinkedHashMap<>();
            role.put("role", "assistant");
            role.put("content", "");
            output.event(envelope.chatChunk(choice, role, List.of(), null));
        }
    }

    private List<SampledToken> taken(int choice) {
        List<SampledToken> tokens = List.copyOf(unsent.get(choice));
        unsent.get(choice).clear();
        return tokens;
    }

    @Override
    public void ended(int choice, GenerationResult result, List<SampledToken> tokens) {
        unsent.get(choice).addAll(tokens);
        send(choice, choices.get(choice).end());
        completionTokens += result.tokens().size();
        String reason = choices.get(choice).reason(result.finishReason());
        output.event(envelope.chatChunk(choice, Map.of(), taken(choice), reason));
    }

    @Override
    public void completed() {
        if (withUsage) {
            output.event(envelope.chatUsageChunk(new Usage(promptTokens, completionTokens)));
        }
        output.endOfEvents();
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
