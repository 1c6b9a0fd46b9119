package org.expertgrid.server.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.expertgrid.server.openai.ApiException;

/**
 * Finds the endpoint of a request, reads the request's body, and turns what goes wrong into an error of the API.
 *
 * <p>Safe for use by many threads. A request that is slow to come holds no thread.
 */
final class Routes extends Handler.Abstract.NonBlocking {
    private static final System.Logger LOG = System.getLogger("org.expertgrid.server");

    private final ApiKey key;
    private final HostNames hosts;
    private final HttpLimits limits;
    private final Executor threads;
    private final Map<String, Map<String, Route>> byPath = new LinkedHashMap<>();

    private record Route(Endpoint endpoint, boolean guarded) {}

    /**
     * Begins without a route.
     *
     * @param threads where endpoints are called
     */
    Routes(ApiKey key, HostNames hosts, HttpLimits limits, Executor threads) {
        this.key = key;
        this.hosts = hosts;
        this.limits = limits;
        this.threads = threads;
    }

    /** Adds a route for clients that know the key; a path may end in {@code *}. */
    Routes add(String method, String path, Endpoint endpoint) {
        return add(method, path, new Route(endpoint, true));
    }

    /** Adds a route for everyone. */
    Routes addOpen(String method, String path, Endpoint endpoint) {
        return add(method, path, new Route(endpoint, false));
    }

    private Routes add(String method, String path, Route route) {
        byPath.computeIfAbsent(path, p -> new LinkedHashMap<>()).put(method, route);
        return this;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Reply reply = new Reply(response, callback);
        long begun = System.nanoTime();
        reply.whenDone(() -> log(request, response, begun));
        try {
            hosts.check(request);
            Route route = route(request, response);
            if (route.guarded()) {
                key.check(request);
            }
            read(request, response, reply, route.endpoint());
        } catch (ApiException e) {
            reply.error(e);
        }
        return true;
    }

    private static void log(Request request, Response response, long begun) {
        LOG.log(request.getMethod().equals("POST") ? Level.INFO : Level.DEBUG, () -> {
            long milliseconds = (System.nanoTime() - begun) / 1_000_000;
            String path = Request.getPathInContext(request);
            return request.getMethod() + " " + path + " " + response.getStatus() + " " + milliseconds + " ms";
        });
    }

    private Route route(Request request, Response response) {
        String path = Request.getPathInContext(request);
        Map<String, Route> methods = Optional.ofNullable(byPath.get(path))
                .or(() -> byPath.entrySet().stream()
                        .filter(entry -> matches(entry.getKey(), path))
                        .map(Map.Entry::getValue)
                        .findFirst())
                .orElseThrow(() -> ApiException.refused(404, "There is nothing at " + path + ".", null, "unknown_url"));
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        if (!methods.containsKey(method)) {
            response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", methods.keySet()));
            throw ApiException.refused(
                    405,
                    request.getMethod() + " " + path + " (expected: " + String.join(", ", methods.keySet()) + ")",
                    null,
                    "method_not_allowed");
        }
        return methods.get(method);
    }

    private static boolean matches(String pattern, String path) {
        int star = pattern.length() - 1;
        return pattern.endsWith("*") && path.length() > star && path.startsWith(pattern.substring(0, star));
    }

    private void read(Request request, Response response, Reply reply, Endpoint endpoint) {
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        // The handler around this one ends bodies that are too long.
        Content.Source.asByteArrayAsync(request, -1, Promise.Invocable.toPromise(whole));
        whole.orTimeout(limits.bodyTime().toMillis(), TimeUnit.MILLISECONDS)
                .thenAcceptAsync(body -> endpoint.answer(new Exchange(request, body, reply)), threads)
                .exceptionally(failure -> {
                    // What is left of a body that was not read cannot be told from the next request.
                    ApiException error = error(failure instanceof CompletionException ? failure.getCause() : failure);
                    if (error.status() == 408 || error.status() == 413) {
                        response.getHeaders().put(HttpHeader.CONNECTION, "close");
                    }
                    reply.error(error);
                    return null;
                });
    }

    private ApiException error(Throwable failure) {
        if (failure instanceof ApiException known) {
            return known;
        }
        if (failure instanceof TimeoutException) {
            return ApiException.refused(408, "The body did not come in time.", null, "request_timeout");
        }
        if (failure instanceof HttpException http && http.getCode() == HttpStatus.PAYLOAD_TOO_LARGE_413) {
            return ApiException.refused(
                    413,
                    "The body is too long (expected: at most " + limits.bodyBytes() + " bytes).",
                    null,
                    "body_too_long");
        }
        if (failure instanceof HttpException http && http.getCode() < 500) {
            return ApiException.refused(http.getCode(), "HTTP: " + HttpStatus.getMessage(http.getCode()), null, null);
        }
        if (failure instanceof IOException) {
            return ApiException.refused(400, "The body has no end.", null, null);
        }
        LOG.log(Level.ERROR, "a request failed: " + failure, failure);
        return ApiException.internal();
    }
}
