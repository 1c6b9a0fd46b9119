package org.expertgrid.server;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

/**
 * Requests with the JDK's client, which offers HTTP/2 in a header of each request. Safe for use by many threads.
 *
 * @param root the address of the server
 */
record Calls(HttpClient client, URI root) {
    Calls(ExpertgridServer server) {
        this(HttpClient.newHttpClient(), server.address());
    }

    /** A reply: its status, its header, and what its body is. */
    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        Map<String, Object> json() {
            try {
                return JSON.std.mapFrom(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(response.body(), e);
            }
        }

        /** Returns what is at this path, of names and of places in lists. */
        Object at(Object... path) {
            Object value = json();
            for (Object step : path) {
                value = step instanceof Integer place ? ((List<?>) value).get(place) : ((Map<?, ?>) value).get(step);
            }
            return value;
        }

        /** Returns the data of the events. */
        List<String> events() {
            return response.body()
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> line.substring(6))
                    .toList();
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(root.resolve(path));
    }

    Answer get(String path) {
        return send(request(path).build());
    }

    Answer post(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    Answer send(HttpRequest request) {
        try {
            return new Answer(client.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Answer complete(String fields) {
        return post("/v1/completions", "{\"model\": \"tiny-austen\", " + fields + "}");
    }

    Answer chat(String fields) {
        return post("/v1/chat/completions", "{\"model\": \"tiny-austen\", " + fields + "}");
    }
}
