package org.expertgrid.server.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.expertgrid.decoder.generation.GenerationRequest;
import org.expertgrid.server.answers.AnswerReader;
import org.expertgrid.server.openai.ChatRequest;
import org.expertgrid.server.openai.Envelope;
import org.expertgrid.server.replies.ChatReply;
import org.expertgrid.server.replies.ChatStream;
import org.expertgrid.server.sessions.Receiver;
import org.expertgrid.server.sessions.ServedModel;
import org.expertgrid.server.sessions.Sessions;

/** {@code POST /v1/chat/completions}. */
record ChatEndpoint(ServedModel model, Sessions sessions, Duration requestTime) implements Endpoint {
    @Override
    public void answer(Exchange exchange) {
        ChatRequest chat =
                ChatRequest.read(exchange.json(), ThreadLocalRandom.current().nextLong());
        model.expectName(chat.model());
        model.expectTokens(chat.samplings().get(0));
        String prompt = model.prompt(chat.messages(), chat.tools(), chat.templateVariables());
        int[] ids = model.tokenizer().encodeRendered(prompt);
        model.expectRoom(ids.length);
        boolean named = model.form().needsSpecialTokens();
        List<GenerationRequest> texts = chat.samplings().stream()
                .map(sampling -> new GenerationRequest(ids, sampling, Optional.of(requestTime), named, chat.grammar()))
                .toList();
        List<AnswerReader> readers = texts.stream()
                .map(text -> model.form().reader(prompt, !chat.tools().isEmpty()))
                .toList();
        Reply reply = exchange.reply();
        Envelope envelope = Envelope.ofChat(model.name(), model.tokenizer().vocabulary());
        Receiver receiver;
        if (chat.streaming().wanted()) {
            reply.stream();
            receiver = new ChatStream(
                    reply, envelope, readers, ids.length, chat.streaming().withUsage());
        } else {
            receiver = new ChatReply(reply, envelope, readers, ids.length);
        }
        reply.whenGone(sessions.open(texts, receiver)::cancel);
    }
}
