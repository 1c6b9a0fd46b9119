package org.expertgrid.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import org.expertgrid.server.ScriptedEngine.Script;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;

/** Spring AI's client, which puts the pieces of a stream together again. */
@Tag("slow")
class SpringAiTest {
    private static OpenAiChatModel client(ScriptedServer server) {
        return OpenAiChatModel.builder()
                .options(OpenAiChatOptions.builder()
                        .baseUrl(server.api())
                        .apiKey("none")
                        .model(ScriptedServer.MODEL)
                        .streamUsage(true)
                        .build())
                .build();
    }

    @Test
    void readsAWholeAnswerAndAStream() {
        try (ScriptedServer server = ScriptedServer.saying(Script.of("Good ", "morning"))) {
            ChatResponse answer = client(server).call(new Prompt("Hello"));
            assertThat(answer.getResult().getOutput().getText()).isEqualTo("Good morning");
            List<ChatResponse> pieces =
                    client(server).stream(new Prompt("Hello")).collectList().block();
            assertThat(pieces.stream()
                            .filter(piece -> piece.getResult() != null)
                            .map(piece -> piece.getResult().getOutput().getText())
                            .filter(text -> text != null)
                            .collect(Collectors.joining()))
                    .isEqualTo("Good morning");
            assertThat(pieces.get(pieces.size() - 1).getMetadata().getUsage().getCompletionTokens())
                    .isEqualTo(2);
        }
    }

    @Test
    void triesAgainWhereTheModelFailedBeforeItsFirstToken() {
        try (ScriptedServer server = ScriptedServer.saying(Script.failing(), Script.of("Good morning"))) {
            assertThat(client(server)
                            .call(new Prompt("Hello"))
                            .getResult()
                            .getOutput()
                            .getText())
                    .isEqualTo("Good morning");
        }
    }

    @Test
    void throwsWhereTheModelFailsInMidStream() {
        try (ScriptedServer server = ScriptedServer.saying(Script.failing("Good "))) {
            assertThatThrownBy(() -> client(server).stream(new Prompt("Hello"))
                            .collectList()
                            .block())
                    .isInstanceOf(RuntimeException.class);
        }
    }
}
