package org.expertgrid.chaos.load;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * A text that a server streams to a client again and again. Its seed is fixed, so that it is the same text each time. Each piece is an answer, and
 * the last one is wrong where the text differs from the first one.
 *
 * @param expected the text
 */
public record StreamedText(HttpClient http, URI server, String model, int seed, String expected)
        implements Verifier.Work {
    private static final int TOKENS = 120;
    private static final List<String> PROMPTS = List.of("It was a", "Her mother had", "The truth is, that", "Mr.");
    private static final String DATA = "data: ";
    private static final String DONE = "[DONE]";

    /** Has the text made for the first time. */
    public static StreamedText read(HttpClient http, URI server, String model, int seed) {
        StreamedText unknown = new StreamedText(http, server, model, seed, "");
        try {
            return new StreamedText(http, server, model, seed, unknown.receive(piece -> {}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenOffException("interrupted");
        }
    }

    @Override
    public void ask(int number, IntConsumer answers) throws IOException, InterruptedException {
        String text = receive(answers);
        answers.accept(text.equals(expected) ? 0 : 1);
    }

    private String receive(IntConsumer answers) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = http.send(request(), BodyHandlers.ofLines());
        StringBuilder text = new StringBuilder();
        try (Stream<String> lines = response.body()) {
            Iterator<String> each = lines.iterator();
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode() + ": " + (each.hasNext() ? each.next() : ""));
            }
            while (each.hasNext()) {
                String line = each.next();
                if (line.equals(DATA + DONE)) {
                    return text.toString();
                }
                if (line.startsWith(DATA)) {
                    text.append(piece(line.substring(DATA.length())));
                    answers.accept(0);
                }
            }
        }
        throw new IOException("the stream ended after " + text.length() + " characters, without its last event");
    }

    private HttpRequest request() throws IOException {
        Map<String, Object> body = Map.of(
                "model",
                model,
                "prompt",
                PROMPTS.get(seed % PROMPTS.size()),
                "seed",
                seed,
                "max_tokens",
                TOKENS,
                "ignore_eos",
                true,
                "stream",
                true);
        return HttpRequest.newBuilder(server.resolve("/v1/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.std.asString(body)))
                .build();
    }

    private static String piece(String event) throws IOException {
        Map<String, Object> json = JSON.std.mapFrom(event);
        if (json.get("choices") instanceof List<?> choices && choices.get(0) instanceof Map<?, ?> choice) {
            return (String) choice.get("text");
        }
        throw new IOException("an event without a piece of text: " + event);
    }
}
