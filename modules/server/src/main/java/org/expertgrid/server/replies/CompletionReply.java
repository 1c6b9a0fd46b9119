package org.expertgrid.server.replies;

import java.util.List;
import org.expertgrid.decoder.generation.GenerationResult;
import org.expertgrid.decoder.sampling.SampledToken;
import org.expertgrid.server.openai.ApiException;
import org.expertgrid.server.openai.Envelope;
import org.expertgrid.server.openai.Streaming;
import org.expertgrid.server.openai.Usage;
import org.expertgrid.server.sessions.Receiver;

/** Answers with completions: piece by piece, or at once when all texts have ended. */
public final class CompletionReply implements Receiver {
    private final Output output;
    private final Envelope envelope;
    private final Streaming streaming;
    private final int promptTokens;
    private final Object[] choices;
    private final int[] offsets;
    private int completionTokens;

    /**
     * Begins a reply.
     *
     * @param choices how many texts there are
     */
    public CompletionReply(Output output, Envelope envelope, Streaming streaming, int choices, int promptTokens) {
        this.output = output;
        this.envelope = envelope;
        this.streaming = streaming;
        this.promptTokens = promptTokens;
        this.choices = new Object[choices];
        this.offsets = new int[choices];
    }

    @Override
    public void piece(int choice, String piece, List<SampledToken> tokens) {
        if (streaming.wanted()) {
            send(choice, piece, tokens, null);
        }
    }

    private void send(int choice, String piece, List<SampledToken> tokens, String reason) {
        output.event(
                envelope.completionChunk(envelope.completionChoice(choice, piece, offsets[choice], tokens, reason)));
        offsets[choice] += piece.length();
    }

    @Override
    public void ended(int choice, GenerationResult result, List<SampledToken> tokens) {
        completionTokens += result.tokens().size();
        String reason = Envelope.reason(result.finishReason());
        if (streaming.wanted()) {
            send(choice, "", tokens, reason);
        } else {
            choices[choice] = envelope.completionChoice(choice, result.text(), 0, result.tokens(), reason);
        }
    }

    @Override
    public void completed() {
        Usage usage = new Usage(promptTokens, completionTokens);
        if (!streaming.wanted()) {
            output.whole(envelope.completion(List.of(choices), usage));
            return;
        }
        if (streaming.withUsage()) {
            output.event(envelope.completion(List.of(), usage));
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
