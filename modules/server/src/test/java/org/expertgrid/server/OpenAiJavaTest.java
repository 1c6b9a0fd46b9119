package org.expertgrid.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import java.util.List;
import java.util.stream.Collectors;
import org.expertgrid.server.ScriptedEngine.Script;
import org.expertgrid.server.answers.AnswerForm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** OpenAI's own client for Java, which takes nothing that the API does not say. */
@Tag("slow")
class OpenAiJavaTest {
    private static final String CALL =
            "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Bath\"}}\n</tool_call>";

    private static OpenAIClient client(ScriptedServer server) {
        return OpenAIOkHttpClient.builder().baseUrl(server.api()).apiKey("none").build();
    }

    private static ChatCompletionCreateParams.Builder ask() {
        return ChatCompletionCreateParams.builder()
                .model(ScriptedServer.MODEL)
                .addUserMessage("Hello")
                .maxCompletionTokens(20);
    }

    private static ChatCompletionCreateParams.Builder askWithTool() {
        return ask().addFunctionTool(FunctionDefinition.builder()
                .name("weather")
                .parameters(FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .build())
                .build());
    }

    @Test
    void readsAWholeAnswer() {
        try (ScriptedServer server = ScriptedServer.saying(Script.of("Good ", "morning"))) {
            ChatCompletion answer = client(server).chat().completions().create(ask().build());
            answer.validate();
            assertThat(answer.choices().get(0).message().content()).hasValue("Good morning");
            assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(2);
        }
    }

    @Test
    void readsAStreamAndItsUsage() {
        try (ScriptedServer server = ScriptedServer.saying(Script.of("Good ", "morning"))) {
            List<ChatCompletionChunk> chunks = stream(
                    client(server),
                    ask().streamOptions(ChatCompletionStreamOptions.builder()
                                    .includeUsage(true)
                                    .build())
                            .build());
            assertThat(text(chunks)).isEqualTo("Good morning");
            assertThat(chunks.get(chunks.size() - 1).usage().orElseThrow().completionTokens())
                    .isEqualTo(2);
        }
    }

    private static List<ChatCompletionChunk> stream(OpenAIClient client, ChatCompletionCreateParams asked) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(asked)) {
            return stream.stream().peek(ChatCompletionChunk::validate).toList();
        }
    }

    private static String text(List<ChatCompletionChunk> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> choice.delta().content().orElse(""))
                .collect(Collectors.joining());
    }

    @Test
    void readsCallsOfToolsWholeAndStreamed() {
        try (ScriptedServer server = ScriptedServer.saying(Script.of("One moment.\n", CALL))) {
            ChatCompletion answer =
                    client(server).chat().completions().create(askWithTool().build());
            ChatCompletion.Choice choice = answer.choices().get(0);
            assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
            assertThat(choice.message().content()).hasValue("One moment.");
            assertThat(choice.message()
                            .toolCalls()
                            .orElseThrow()
                            .get(0)
                            .asFunction()
                            .function()
                            .arguments())
                    .isEqualTo("{\"city\":\"Bath\"}");
            List<ChatCompletionChunk> chunks =
                    stream(client(server), askWithTool().build());
            List<ChatCompletionChunk.Choice.Delta.ToolCall> calls = chunks.stream()
                    .flatMap(chunk -> chunk.choices().get(0).delta().toolCalls().stream())
                    .flatMap(List::stream)
                    .toList();
            assertThat(calls.get(0).function().orElseThrow().name()).hasValue("weather");
            assertThat(calls.get(1).id()).isEmpty();
            assertThat(calls.get(1).function().orElseThrow().arguments()).hasValue("{\"city\":\"Bath\"}");
        }
    }

    @Test
    void triesAgainWhereTheModelFailedBeforeItsFirstToken() {
        try (ScriptedServer server = ScriptedServer.saying(Script.failing(), Script.of("Good morning"))) {
            ChatCompletion answer = client(server).chat().completions().create(ask().build());
            assertThat(answer.choices().get(0).message().content()).hasValue("Good morning");
            assertThat(server.engine.submitted()).isEqualTo(2);
        }
    }

    @Test
    void throwsWhereTheModelFailsInMidStream() {
        try (ScriptedServer server = ScriptedServer.saying(Script.failing("Good "))) {
            assertThatThrownBy(() -> stream(client(server), ask().build())).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void closingAStreamEndsTheText() throws InterruptedException {
        ServerOptions lively = ServerOptions.DEFAULT.withLimits(ConnectionsTest.LIVELY);
        try (ScriptedServer server = new ScriptedServer(lively, AnswerForm.TAGS, Script.waiting("Good "))) {
            try (StreamResponse<ChatCompletionChunk> stream =
                    client(server).chat().completions().createStreaming(ask().build())) {
                assertThat(stream.stream().findFirst()).isPresent();
            }
            server.engine.awaitIdle();
        }
    }

    @Test
    void knowsTheErrorForAModelThatIsNotThere() {
        try (ScriptedServer server = ScriptedServer.saying(Script.of("x"))) {
            assertThatThrownBy(() -> client(server)
                            .chat()
                            .completions()
                            .create(ask().model("other").build()))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("expected: 'scripted'");
        }
    }
}
