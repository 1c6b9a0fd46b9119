package org.expertgrid.server.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.expertgrid.server.openai.ApiException;
import org.expertgrid.server.page.PageFile;
import org.expertgrid.server.page.PageStatus;
import org.expertgrid.server.sessions.ServedModel;
import org.expertgrid.server.sessions.Sessions;

/**
 * Everything that a server answers with.
 *
 * @param page what the page shows
 * @param metrics what {@code /metrics} shows
 */
public record Site(ServedModel model, Sessions sessions, PageStatus page, PrometheusMeterRegistry metrics) {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /**
     * Returns the handler of all requests.
     *
     * @param key what clients must know, if anything
     * @param hosts under which names the server answers
     * @param origins the other hosts whose pages may use this server
     * @param threads where requests are answered
     */
    public Handler handler(
            Optional<String> key, HostNames hosts, Set<String> origins, HttpLimits limits, Executor threads) {
        Routes routes = new Routes(new ApiKey(key), hosts, limits, threads);
        Duration time = limits.requestTime();
        ModelEndpoints models = new ModelEndpoints(model);
        routes.add("POST", "/v1/chat/completions", new ChatEndpoint(model, sessions, time))
                .add("POST", "/v1/completions", new CompletionEndpoint(model, sessions, time))
                .add("GET", ModelEndpoints.MODELS, models::models)
                .add("GET", ModelEndpoints.MODELS + "/*", models::model)
                .add("POST", "/tokenize", models::tokenize)
                .add("POST", "/detokenize", models::detokenize)
                .add("GET", "/metrics", this::metrics)
                .add("GET", "/page/status", exchange -> exchange.reply().whole(page.now()))
                .addOpen("GET", "/health", this::health)
                .addOpen("GET", "/health/ready", this::health)
                .addOpen("GET", "/health/live", exchange -> exchange.reply().whole(Map.of("status", "live")));
        List.of(
                        PageFile.of("/", "text/html; charset=utf-8", "page.html"),
                        PageFile.of("/page.css", "text/css; charset=utf-8", "page.css"),
                        PageFile.of("/page.js", "text/javascript; charset=utf-8", "page.js"))
                .forEach(file -> routes.addOpen("GET", file.path(), exchange -> send(file, exchange)));
        SizeLimitHandler limited = new SizeLimitHandler(limits.bodyBytes(), -1);
        limited.setHandler(routes);
        return origins.isEmpty() ? limited : crossOrigin(origins, limited);
    }

    private static Handler crossOrigin(Set<String> origins, Handler handler) {
        CrossOriginHandler crossOrigin = new CrossOriginHandler();
        crossOrigin.setAllowedOriginPatterns(origins);
        crossOrigin.setAllowedHeaders(Set.of("Authorization", "Content-Type"));
        crossOrigin.setHandler(handler);
        return crossOrigin;
    }

    private void metrics(Exchange exchange) {
        exchange.reply().bytes(200, METRICS_TYPE, metrics.scrape().getBytes(StandardCharsets.UTF_8));
    }

    private void health(Exchange exchange) {
        page.readiness().problem().ifPresent(problem -> {
            throw ApiException.unavailable("Not ready: " + problem + ".", Duration.ofSeconds(1));
        });
        exchange.reply().whole(Map.of("status", "ok"));
    }

    private static void send(PageFile file, Exchange exchange) {
        exchange.reply().header("X-Content-Type-Options", "nosniff");
        exchange.reply().header("Content-Security-Policy", PageFile.SECURITY_POLICY);
        exchange.reply().bytes(200, file.type(), file.content());
    }
}
