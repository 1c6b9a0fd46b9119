package org.expertgrid.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.expertgrid.decoder.batching.BatchLimits;
import org.expertgrid.decoder.batching.BatchStatus;
import org.expertgrid.server.ScriptedEngine.Script;
import org.expertgrid.server.answers.AnswerForm;
import org.expertgrid.server.http.HttpLimits;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that are slow, broken, gone, or not welcome. */
@Tag("slow")
class ConnectionsTest {
    private static final String CHAT =
            "{\"model\": \"scripted\", \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}";
    private static final String STREAM = CHAT.replace("{\"model\"", "{\"stream\": true, \"model\"");

    /** Signs of life at once, and time enough for clients that a busy machine makes slow. */
    static final HttpLimits LIVELY = limits(Duration.ofMinutes(1));

    /** The end of patience with clients that send nothing, after a moment. */
    private static final HttpLimits IMPATIENT = limits(Duration.ofSeconds(1));

    private static HttpLimits limits(Duration patience) {
        return new HttpLimits(10_000, 4096, 1000, patience, patience, Duration.ofMinutes(1), Duration.ofMillis(50));
    }

    private static ScriptedServer lively(Script... scripts) {
        return new ScriptedServer(ServerOptions.DEFAULT.withLimits(LIVELY), AnswerForm.TAGS, scripts);
    }

    private static ScriptedServer impatient(Script... scripts) {
        return new ScriptedServer(ServerOptions.DEFAULT.withLimits(IMPATIENT), AnswerForm.TAGS, scripts);
    }

    @Test
    void anOfferToUpgradeTakesNothingFromTheBody() {
        try (ScriptedServer server = ScriptedServer.saying(Script.of("Good morning"))) {
            Calls.Answer whole = server.calls.post("/v1/chat/completions", CHAT);
            assertThat(whole.at("choices", 0, "message", "content")).isEqualTo("Good morning");
            Calls.Answer chunked = server.calls.send(server.calls
                    .request("/v1/chat/completions")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArrays(List.of(CHAT.getBytes(StandardCharsets.UTF_8))))
                    .build());
            assertThat(chunked.at("choices", 0, "message", "content")).isEqualTo("Good morning");
            assertThat(server.calls.client().version()).isEqualTo(HttpClient.Version.HTTP_2);
        }
    }

    @Test
    void aFailureInMidStreamIsToldAndThenTheConnectionIsCut() throws IOException {
        try (ScriptedServer server = ScriptedServer.saying(Script.failing("Good "));
                RawConnection connection = new RawConnection(server.server)) {
            String reply = connection.post("/v1/chat/completions", STREAM).readAll();
            assertThat(reply)
                    .contains("\"content\":\"Good \"", "data: {\"error\":{\"message\":\"The model cannot be computed")
                    .doesNotContain("[DONE]", "10.0.0.7")
                    .doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void aFailureBeforeTheFirstTokenSaysWhenToTryAgain() {
        try (ScriptedServer server = ScriptedServer.saying(Script.failing())) {
            Calls.Answer answer = server.calls.post("/v1/chat/completions", STREAM);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("1");
            assertThat((String) answer.at("error", "message")).doesNotContain("10.0.0.7");
        }
    }

    @Test
    void aStreamShowsSignsOfLife() throws IOException {
        try (ScriptedServer server = lively(Script.waiting());
                RawConnection connection = new RawConnection(server.server)) {
            connection.post("/v1/chat/completions", STREAM).readUntil(": ping\n\n");
        }
    }

    @Test
    void aClientThatGoesAwayEndsItsTextWhetherItStreamsOrNot() throws Exception {
        for (String body : List.of(STREAM, CHAT)) {
            try (ScriptedServer server = lively(Script.waiting("Good "))) {
                try (RawConnection connection = new RawConnection(server.server)) {
                    connection.post("/v1/chat/completions", body).readUntil("\r\n\r\n");
                }
                server.engine.awaitIdle();
            }
        }
    }

    @Test
    void twoHundredClientsThatVanishLeaveNothingInTheCaches() throws IOException {
        try (TinyServer tiny = TinyServer.start(TinyServer.withLimits(LIVELY), new BatchLimits(64, 16, 200))) {
            vanish(tiny.server, 200);
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                BatchStatus status = tiny.generator.status();
                return status.running() == 0 && status.waiting() == 0 && status.cachedTokens() == 0;
            });
            Calls.Answer next = tiny.calls.complete("\"prompt\": \"It was a\", \"max_tokens\": 2");
            assertThat(next.status()).isEqualTo(200);
        }
    }

    /** Closes all connections at the same time, once each has had the beginning of its reply. */
    private static void vanish(ExpertgridServer server, int clients) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            connections.add(new RawConnection(server)
                    .post(
                            "/v1/completions",
                            "{\"model\": \"tiny-austen\", \"prompt\": \"It was a\", \"max_tokens\": 400,"
                                    + " \"ignore_eos\": true, \"stream\": " + (i % 2 == 0) + ", \"seed\": " + i + "}"));
        }
        for (RawConnection connection : connections) {
            connection.readUntil("HTTP/1.1 200");
        }
        for (RawConnection connection : connections) {
            connection.close();
        }
    }

    @Test
    void aBodyThatIsTooLongIsRefusedWhetherItTellsOrNot() throws IOException {
        String body = "{\"prompt\": \"" + "a".repeat(20_000) + "\"}";
        try (ScriptedServer server = lively(Script.of("x"));
                RawConnection told = new RawConnection(server.server);
                RawConnection chunked = new RawConnection(server.server)) {
            assertThat(told.post("/v1/completions", body).readUntil("}}")).startsWith("HTTP/1.1 413");
            chunked.send("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n4e20\r\n" + body.substring(0, 20_000) + "\r\n");
            assertThat(chunked.readUntil("}}")).startsWith("HTTP/1.1 413").contains("\"error\"");
        }
    }

    @Test
    void aBodyThatDoesNotComeIsGivenUp() throws IOException {
        try (ScriptedServer server = impatient(Script.of("x"));
                RawConnection connection = new RawConnection(server.server)) {
            connection.send("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
            assertThat(connection.readAll()).startsWith("HTTP/1.1 408").contains("\"error\"");
        }
    }

    @Test
    void aHeaderThatDoesNotEndIsGivenUpAndOneThatIsTooLongRefused() throws IOException {
        try (ScriptedServer server = impatient(Script.of("x"));
                RawConnection halfOpen = new RawConnection(server.server);
                RawConnection tooLong = new RawConnection(server.server)) {
            halfOpen.send("POST /v1/comp");
            String reply = tooLong.send(
                            "GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(10_000) + "\r\n\r\n")
                    .readAll();
            assertThat(reply).startsWith("HTTP/1.1 431").contains("\"error\"").doesNotContain("<html", "Jetty");
            assertThat(halfOpen.readAll()).doesNotContain("200 OK");
        }
    }

    @Test
    void jsonThatIsNestedTooDeeplyIsRefused() {
        try (ScriptedServer server = ScriptedServer.saying(Script.of("x"))) {
            Calls.Answer answer = server.calls.post("/v1/chat/completions", "{\"a\":" + "[".repeat(5000));
            assertThat(answer.status()).isEqualTo(400);
            assertThat((String) answer.at("error", "message"))
                    .contains("nested too deeply (expected: at most 100 levels)");
        }
    }

    @Test
    void anUnknownAddressIsAnsweredAsJson() {
        try (ScriptedServer server = ScriptedServer.saying(Script.of("x"))) {
            assertThat(server.calls.get("/v1/embeddings").at("error", "code")).isEqualTo("unknown_url");
            Calls.Answer wrong = server.calls.get("/v1/completions");
            assertThat(wrong.status()).isEqualTo(405);
            assertThat(wrong.response().headers().firstValue("Allow")).hasValue("POST");
            Calls.Answer form = server.calls.send(server.calls
                    .request("/v1/completions")
                    .POST(BodyPublishers.ofString(CHAT))
                    .build());
            assertThat(form.status()).isEqualTo(415);
        }
    }

    @Test
    void aKeyGuardsEverythingButHealthAndTheEmptyPage() {
        ServerOptions options = ServerOptions.DEFAULT.withApiKey("secret");
        try (ScriptedServer server = new ScriptedServer(options, AnswerForm.TAGS, Script.of("x"))) {
            for (String path : List.of("/v1/models", "/metrics", "/page/status")) {
                assertThat(server.calls.get(path).at("error", "code")).isEqualTo("invalid_api_key");
                assertThat(server.calls
                                .send(server.calls
                                        .request(path)
                                        .header("Authorization", "Bearer secret")
                                        .build())
                                .status())
                        .isEqualTo(200);
            }
            for (String path : List.of("/", "/health", "/health/live")) {
                assertThat(server.calls.get(path).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aForeignNameForThisMachineIsRefusedWhereThereIsNoKey() throws IOException {
        ServerOptions guarded = ServerOptions.DEFAULT.withApiKey("secret");
        try (ScriptedServer open = ScriptedServer.saying(Script.of("x"));
                ScriptedServer withKey = new ScriptedServer(guarded, AnswerForm.TAGS, Script.of("x"))) {
            assertThat(healthUnder("rebound.example:8080", open))
                    .startsWith("HTTP/1.1 403")
                    .contains("unknown_host");
            for (String own : List.of("localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080")) {
                assertThat(healthUnder(own, open)).as(own).startsWith("HTTP/1.1 200");
            }
            assertThat(healthUnder("behind.a.proxy.example", withKey)).startsWith("HTTP/1.1 200");
        }
    }

    private static String healthUnder(String host, ScriptedServer server) throws IOException {
        try (RawConnection connection = new RawConnection(server.server)) {
            return connection
                    .send("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .readAll();
        }
    }

    @Test
    void anAddressThatCannotBeListenedOnIsNamedBeforeAModelIsLoaded() {
        try (ScriptedServer server = ScriptedServer.saying(Script.of("x"))) {
            int taken = server.server.port();
            assertThatThrownBy(
                            () -> ExpertgridServer.checkAddress(ServerOptions.DEFAULT.withAddress("127.0.0.1", taken)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("127.0.0.1:" + taken);
            assertThatThrownBy(() -> ExpertgridServer.checkAddress(ServerOptions.DEFAULT.withAddress("no host", 0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("host: no host");
        }
    }

    @Test
    void pagesOfOtherHostsAreAllowedOnlyByName() {
        try (ScriptedServer closed = ScriptedServer.saying(Script.of("x"));
                ScriptedServer open = new ScriptedServer(
                        ServerOptions.DEFAULT.withAllowedOrigins(Set.of("https://a\\.example")),
                        AnswerForm.TAGS,
                        Script.of("x"))) {
            assertThat(allowedOrigin(closed)).isEmpty();
            assertThat(allowedOrigin(open)).isEqualTo("https://a.example");
        }
    }

    private static String allowedOrigin(ScriptedServer server) {
        return server.calls
                .send(server.calls
                        .request("/v1/models")
                        .header("Origin", "https://a.example")
                        .build())
                .response()
                .headers()
                .firstValue("Access-Control-Allow-Origin")
                .orElse("");
    }

    @Test
    void oneRequestTooManyIsToldToComeLater() throws IOException {
        ServerOptions lively = TinyServer.withLimits(LIVELY).withGrace(Duration.ZERO);
        try (TinyServer tiny = TinyServer.start(lively, new BatchLimits(64, 1, 0));
                RawConnection first = new RawConnection(tiny.server)) {
            first.post(
                    "/v1/completions",
                    "{\"model\": \"tiny-austen\", \"prompt\": \"It was a\", \"max_tokens\": 500, \"ignore_eos\": true,"
                            + " \"stream\": true}");
            first.readUntil("data: ");
            Calls.Answer second = tiny.calls.complete("\"prompt\": \"It was a\"");
            assertThat(second.status()).isEqualTo(429);
            assertThat(second.response().headers().firstValue("Retry-After")).isPresent();
        }
    }

    @Test
    void closingLetsRunningTextsEndAndCutsOffThoseThatDoNot() throws IOException {
        ServerOptions options = ServerOptions.DEFAULT.withGrace(Duration.ofMillis(100));
        ScriptedServer server = new ScriptedServer(options, AnswerForm.TAGS, Script.waiting("Good "));
        try (RawConnection connection = new RawConnection(server.server)) {
            connection.post("/v1/chat/completions", STREAM).readUntil("Good ");
            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
            assertThat(connection.readAll())
                    .contains("The server is shutting down")
                    .doesNotContain("[DONE]");
            closing.join();
        }
    }
}
