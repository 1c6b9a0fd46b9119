package org.expertgrid.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.expertgrid.server.ScriptedEngine.Script;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** LangChain4j's client, which takes half an answer for a whole one if it can. */
@Tag("slow")
class LangChainTest {
    private static final String CALL =
            "<tool_call>{\"name\": \"weather\", \"arguments\": {\"city\": \"Bath\"}}</tool_call>";

    private static OpenAiChatModel client(ScriptedServer server) {
        return OpenAiChatModel.builder()
                .baseUrl(server.api())
                .apiKey("none")
                .modelName(ScriptedServer.MODEL)
                .maxTokens(20)
                .build();
    }

    private static ChatResponse stream(ScriptedServer server, ChatRequest request) {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        OpenAiStreamingChatModel.builder()
                .baseUrl(server.api())
                .apiKey("none")
                .modelName(ScriptedServer.MODEL)
                .build()
                .chat(request, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {}

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        whole.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        whole.completeExceptionally(error);
                    }
                });
        return whole.join();
    }

    private static ChatRequest ask() {
        return ChatRequest.builder().messages(UserMessage.from("Hello")).build();
    }

    @Test
    void readsAWholeAnswerAndAStream() {
        try (ScriptedServer server = ScriptedServer.saying(Script.of("Good ", "morning"))) {
            assertThat(client(server).chat("Hello")).isEqualTo("Good morning");
            ChatResponse streamed = stream(server, ask());
            assertThat(streamed.aiMessage().text()).isEqualTo("Good morning");
            assertThat(streamed.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(streamed.tokenUsage().outputTokenCount()).isEqualTo(2);
        }
    }

    @Test
    void readsCallsOfToolsWholeAndStreamed() {
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("Hello"))
                .toolSpecifications(ToolSpecification.builder().name("weather").build())
                .build();
        try (ScriptedServer server = ScriptedServer.saying(Script.of(CALL))) {
            for (ChatResponse answer : new ChatResponse[] {client(server).chat(request), stream(server, request)}) {
                assertThat(answer.aiMessage().toolExecutionRequests()).hasSize(1);
                assertThat(answer.aiMessage().toolExecutionRequests().get(0).arguments())
                        .isEqualTo("{\"city\":\"Bath\"}");
                assertThat(answer.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
            }
        }
    }

    @Test
    void triesAgainWhereTheModelFailedBeforeItsFirstToken() {
        try (ScriptedServer server = ScriptedServer.saying(Script.failing(), Script.of("Good morning"))) {
            assertThat(client(server).chat("Hello")).isEqualTo("Good morning");
        }
    }

    @Test
    void throwsWhereTheModelFailsInMidStream() {
        try (ScriptedServer server = ScriptedServer.saying(Script.failing("Good "))) {
            assertThatThrownBy(() -> stream(server, ask())).isInstanceOf(CompletionException.class);
        }
    }
}
