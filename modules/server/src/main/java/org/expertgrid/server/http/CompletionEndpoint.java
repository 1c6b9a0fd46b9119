package org.expertgrid.server.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.expertgrid.decoder.generation.GenerationRequest;
import org.expertgrid.decoder.sampling.Sampling;
import org.expertgrid.server.openai.CompletionRequest;
import org.expertgrid.server.openai.Envelope;
import org.expertgrid.server.replies.CompletionReply;
import org.expertgrid.server.sessions.ServedModel;
import org.expertgrid.server.sessions.Sessions;

/** {@code POST /v1/completions}. */
record CompletionEndpoint(ServedModel model, Sessions sessions, Duration requestTime) implements Endpoint {
    @Override
    public void answer(Exchange exchange) {
        CompletionRequest completion = CompletionRequest.read(
                exchange.json(), ThreadLocalRandom.current().nextLong());
        model.expectName(completion.model());
        model.expectTokens(completion.samplings().get(0));
        List<GenerationRequest> texts = new ArrayList<>();
        int promptTokens = 0;
        for (CompletionRequest.Prompt prompt : completion.prompts()) {
            int[] ids = ids(prompt);
            model.expectRoom(ids.length);
            promptTokens += ids.length;
            for (Sampling sampling : completion.samplings()) {
                texts.add(new GenerationRequest(ids, sampling).withTimeLimit(requestTime));
            }
        }
        Reply reply = exchange.reply();
        if (completion.streaming().wanted()) {
            reply.stream();
        }
        Envelope envelope =
                Envelope.ofCompletion(model.name(), model.tokenizer().vocabulary());
        CompletionReply receiver =
                new CompletionReply(reply, envelope, completion.streaming(), texts.size(), promptTokens);
        reply.whenGone(sessions.open(texts, receiver)::cancel);
    }

    private int[] ids(CompletionRequest.Prompt prompt) {
        if (prompt instanceof CompletionRequest.TextPrompt text) {
            return model.tokenizer().encode(text.text());
        }
        return ((CompletionRequest.TokenPrompt) prompt).ids();
    }
}
