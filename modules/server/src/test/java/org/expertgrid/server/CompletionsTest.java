package org.expertgrid.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API answers, with the model that the project ships. */
class CompletionsTest {
    private static final String GREEDY = "\"prompt\": \"It was a\", \"temperature\": 0, \"max_tokens\": 12";

    private static TinyServer tiny;

    @BeforeAll
    static void start() {
        tiny = TinyServer.start();
    }

    @AfterAll
    static void stop() {
        tiny.close();
    }

    @Test
    void aCompletionHasTextReasonAndUsage() {
        Calls.Answer answer = tiny.calls.complete(GREEDY);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("object")).isEqualTo("text_completion");
        assertThat((String) answer.at("choices", 0, "text")).isNotBlank();
        assertThat(answer.at("choices", 0, "finish_reason")).isEqualTo("length");
        assertThat(answer.at("usage", "completion_tokens")).isEqualTo(12);
        int prompt = (int) answer.at("usage", "prompt_tokens");
        assertThat(answer.at("usage", "total_tokens")).isEqualTo(prompt + 12);
    }

    @Test
    void theStreamsOfTextsAddUpToTheWholeTexts() throws IOException {
        Calls.Answer whole = tiny.calls.complete(GREEDY + ", \"n\": 2, \"logprobs\": 2");
        Calls.Answer stream = tiny.calls.complete(GREEDY
                + ", \"n\": 2, \"logprobs\": 2, \"stream\": true, \"stream_options\": {\"include_usage\": true}");
        List<String> events = stream.events();
        assertThat(events.get(events.size() - 1)).isEqualTo("[DONE]");
        Map<String, Object> usage = JSON.std.mapFrom(events.get(events.size() - 2));
        assertThat(usage.get("choices")).isEqualTo(List.of());
        assertThat(usage.get("usage")).isEqualTo(whole.at("usage"));
        StringBuilder[] texts = {new StringBuilder(), new StringBuilder()};
        List<List<Object>> tokens = List.of(new ArrayList<>(), new ArrayList<>());
        for (String event : events.subList(0, events.size() - 2)) {
            Map<?, ?> choice = (Map<?, ?>) ((List<?>) JSON.std.mapFrom(event).get("choices")).get(0);
            int index = (int) choice.get("index");
            texts[index].append(choice.get("text"));
            if (choice.get("logprobs") instanceof Map<?, ?> logprobs) {
                tokens.get(index).addAll((List<?>) logprobs.get("tokens"));
            }
        }
        for (int i = 0; i < 2; i++) {
            assertThat(texts[i].toString()).isEqualTo(whole.at("choices", i, "text"));
            assertThat(tokens.get(i)).isEqualTo(whole.at("choices", i, "logprobs", "tokens"));
        }
    }

    @Test
    void aChatStreamsItsRoleFirstAndItsReasonLast() throws IOException {
        Calls.Answer stream = tiny.calls.chat(
                "\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"It was a\"}]}],"
                        + " \"max_tokens\": 5, \"seed\": 1, \"stream\": true, \"logprobs\": true, \"top_logprobs\": 3");
        assertThat(stream.response().headers().firstValue("Content-Type"))
                .as(stream.response().body())
                .hasValue("text/event-stream");
        List<String> events = stream.events();
        Map<?, ?> first = choice(events.get(0));
        assertThat(first.get("delta")).isEqualTo(Map.of("role", "assistant", "content", ""));
        assertThat(first.containsKey("finish_reason")).isTrue();
        assertThat(first.get("finish_reason")).isNull();
        Map<?, ?> last = choice(events.get(events.size() - 2));
        assertThat(last.get("delta")).isEqualTo(Map.of());
        assertThat(last.get("finish_reason")).isEqualTo("length");
        assertThat(events.get(events.size() - 1)).isEqualTo("[DONE]");
    }

    private static Map<?, ?> choice(String event) throws IOException {
        return (Map<?, ?>) ((List<?>) JSON.std.mapFrom(event).get("choices")).get(0);
    }

    @Test
    void aStopTextEndsTheTextAndIsNotInIt() {
        String text = (String) tiny.calls.complete(GREEDY).at("choices", 0, "text");
        String stop = text.substring(text.length() / 2, text.length() / 2 + 3);
        Calls.Answer stopped = tiny.calls.complete(GREEDY + ", \"stop\": [" + quoted(stop) + "]");
        assertThat(stopped.at("choices", 0, "finish_reason")).isEqualTo("stop");
        assertThat(stopped.at("choices", 0, "text")).isEqualTo(text.substring(0, text.indexOf(stop)));
    }

    private static String quoted(String text) {
        try {
            return JSON.std.asString(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theTextOfASeedDoesNotDependOnWhoElseIsServed() {
        List<String> alone =
                IntStream.range(0, 24).mapToObj(CompletionsTest::text).toList();
        ExecutorService clients = Executors.newFixedThreadPool(24);
        try {
            List<CompletableFuture<String>> together = IntStream.range(0, 24)
                    .mapToObj(seed -> CompletableFuture.supplyAsync(() -> text(seed), clients))
                    .toList();
            assertThat(together.stream().map(CompletableFuture::join).toList()).isEqualTo(alone);
        } finally {
            clients.shutdown();
        }
        assertThat(alone).doesNotHaveDuplicates();
    }

    private static String text(int seed) {
        String temperature = seed == 0 ? "0" : "1";
        return (String) tiny.calls
                .complete("\"prompt\": \"It was a\", \"max_tokens\": 16, \"seed\": " + seed + ", \"temperature\": "
                        + temperature)
                .at("choices", 0, "text");
    }

    @Test
    void anAnswerCanBeHeldToASchema() throws IOException {
        Calls.Answer answer = tiny.calls.chat("\"messages\": [{\"role\": \"user\", \"content\": \"It was a\"}],"
                + " \"max_tokens\": 300, \"seed\": 7, \"response_format\": {\"type\": \"json_schema\", \"json_schema\":"
                + " {\"name\": \"answer\", \"schema\": {\"type\": \"object\", \"required\": [\"happy\", \"mood\"],"
                + " \"additionalProperties\": false, \"properties\":"
                + " {\"happy\": {\"type\": \"boolean\"}, \"mood\": {\"enum\": [\"good\", \"bad\"]}}}}}");
        assertThat(answer.at("choices", 0, "finish_reason"))
                .as(answer.response().body())
                .isEqualTo("stop");
        Map<String, Object> object = JSON.std.mapFrom((String) answer.at("choices", 0, "message", "content"));
        assertThat(object.get("happy")).isInstanceOf(Boolean.class);
        assertThat(object.get("mood")).isIn("good", "bad");
    }

    @Test
    void tokensBecomeTheTextAgainThatTheyCameFrom() {
        Calls.Answer tokens = tiny.calls.post("/tokenize", "{\"prompt\": \"It was a ball\"}");
        assertThat((List<?>) tokens.at("tokens")).hasSize((int) tokens.at("count"));
        Calls.Answer text = tiny.calls.post("/detokenize", "{\"tokens\": " + tokens.at("tokens") + "}");
        assertThat(text.at("prompt")).isEqualTo("It was a ball");
    }

    @Test
    void modelsHealthAndMetricsAnswer() {
        assertThat(tiny.calls.get("/v1/models").at("data", 0, "id")).isEqualTo("tiny-austen");
        assertThat(tiny.calls.get("/v1/models/tiny-austen").at("object")).isEqualTo("model");
        assertThat(tiny.calls.get("/health").at("status")).isEqualTo("ok");
        assertThat(tiny.calls.get("/health/live").status()).isEqualTo(200);
        tiny.calls.complete(GREEDY);
        assertThat(tiny.calls.get("/metrics").response().body())
                .contains(
                        "expertgrid_num_requests_running{model_name=\"tiny-austen\"}",
                        "expertgrid_num_requests_waiting",
                        "expertgrid_kv_cache_usage_perc",
                        "expertgrid_prompt_tokens_total",
                        "expertgrid_generation_tokens_total",
                        "expertgrid_request_success_total{finished_reason=\"length\"",
                        "expertgrid_time_to_first_token_seconds_bucket",
                        "expertgrid_inter_token_latency_seconds_bucket",
                        "expertgrid_e2e_request_latency_seconds_bucket",
                        "expertgrid_request_queue_time_seconds_bucket",
                        "expertgrid_request_prefill_time_seconds_bucket",
                        "expertgrid_request_decode_time_seconds_bucket",
                        "jvm_memory_used_bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"model\": \"tiny-austen\" | not JSON",
                "400 | [1] | no JSON object",
                "400 | {\"model\": \"tiny-austen\", \"prompt\": \"a\", \"prompt\": \"b\"} | Duplicate",
                "400 | {\"model\": \"tiny-austen\", \"prompt\": \"a\"} {} | goes on after",
                "400 | {\"prompt\": \"a\"} | model: missing",
                "404 | {\"model\": \"other\", \"prompt\": \"a\"} | model: 'other' (expected: 'tiny-austen')",
                "400 | {\"model\": \"tiny-austen\", \"prompt\": \"a\", \"temperature\": \"hot\"} | temperature: 'hot'",
                "400 | {\"model\": \"tiny-austen\", \"prompt\": \"a\", \"temperature\": -1, \"max_tokens\": -5, \"n\": 0} |"
                        + " temperature: -1 (expected: a number from 0 on); max_tokens: -5",
                "400 | {\"model\": \"tiny-austen\", \"prompt\": \"a\", \"suffix\": \"b\"} | suffix: 'b'",
                "400 | {\"model\": \"tiny-austen\", \"prompt\": \"a\", \"spell\": 1} | spell: 1",
                "400 | {\"model\": \"tiny-austen\", \"prompt\": [99999]} | 99999",
                "400 | {\"model\": \"tiny-austen\", \"prompt\": \"a\", \"logit_bias\": {\"99999\": 1}} | 99999",
                "400 | {\"model\": \"tiny-austen\", \"prompt\": \"\"} | no tokens",
            })
    void problemsOfARequestAreNamed(int status, String body, String message) {
        Calls.Answer answer = tiny.calls.post("/v1/completions", body);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        assertThat((String) answer.at("error", "message")).contains(message);
        assertThat(answer.at("error", "type")).isEqualTo("invalid_request_error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"messages\": [] | messages: [] (expected: at least one message)",
                "\"messages\": [{\"role\": \"king\", \"content\": \"a\"}] | messages[0].role: 'king'",
                "\"messages\": [{\"role\": \"user\"}] | messages[0].content: null",
                "\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}] | 'image_url'",
                "\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"tool_choice\": \"required\" | tool_choice",
                "\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"tools\":"
                        + " [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}] | has no place for tools",
                "\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"response_format\": {\"type\": \"xml\"} | 'xml'",
                "\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"top_logprobs\": 2 | top_logprobs",
                "\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"audio\": {} | audio",
            })
    void problemsOfAChatAreNamed(String fields, String message) {
        Calls.Answer answer = tiny.calls.chat(fields);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat((String) answer.at("error", "message")).contains(message);
    }

    @Test
    void aPromptThatIsTooLongIsRefusedWithItsLength() {
        Calls.Answer answer = tiny.calls.complete("\"prompt\": \"" + "word ".repeat(600) + "\"");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.at("error", "code")).isEqualTo("context_length_exceeded");
        assertThat((String) answer.at("error", "message")).contains("at most 511");
    }

    @Test
    void fieldsThatChangeNoAnswerAreTaken() {
        Calls.Answer answer = tiny.calls.complete(
                GREEDY + ", \"user\": \"me\", \"metadata\": {}, \"store\": true, \"seed\": null, \"best_of\": 1");
        assertThat(answer.status()).isEqualTo(200);
    }
}
