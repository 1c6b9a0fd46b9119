package org.expertgrid.server;

import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.server.http.HttpLimits;
import org.expertgrid.server.page.ClusterView;

/**
 * How a model is served.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for one that is free
 * @param apiKey what clients must know, if anything; health and the empty page are for everyone
 * @param allowedOrigins other hosts whose pages may use the server, as {@code https://host}
 * @param limits what a client may take
 * @param grace how long running requests may go on when the server is closed
 * @param longestStep how long a step may take until the server calls itself not ready
 * @param layers tells why the model's layers could not be computed now; nothing where they could
 * @param cluster what the page shows of the cluster
 * @param meters what {@code /metrics} shows beside the server's own meters
 */
public record ServerOptions(
        String host,
        int port,
        Optional<String> apiKey,
        Set<String> allowedOrigins,
        HttpLimits limits,
        Duration grace,
        Duration longestStep,
        Supplier<Optional<String>> layers,
        Supplier<ClusterView> cluster,
        List<MeterBinder> meters) {
    private static final int HIGHEST_PORT = 65535;

    /** Port 8080 of this machine alone, no key, 30 s of grace, a minute for a step. */
    public static final ServerOptions DEFAULT = new ServerOptions(
            "127.0.0.1",
            8080,
            Optional.empty(),
            Set.of(),
            HttpLimits.DEFAULT,
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Optional::empty,
            () -> ClusterView.NONE,
            List.of());

    public ServerOptions {
        allowedOrigins = Set.copyOf(allowedOrigins);
        meters = List.copyOf(meters);
        Problems problems = new Problems()
                .expect(port >= 0 && port <= HIGHEST_PORT, "port", port, "0 to " + HIGHEST_PORT)
                .expect(!host.isBlank(), "host", "''", "an address")
                .expect(!grace.isNegative(), "grace", grace, "at least 0");
        apiKey.ifPresent(key -> problems.expect(!key.isBlank(), "apiKey", "''", "a text that is not empty"));
        problems.throwIfAny();
    }

    /** Returns these options for another address. */
    public ServerOptions withAddress(String newHost, int newPort) {
        return new ServerOptions(
                newHost, newPort, apiKey, allowedOrigins, limits, grace, longestStep, layers, cluster, meters);
    }

    /** Returns these options with a key that clients must know. */
    public ServerOptions withApiKey(String key) {
        return new ServerOptions(
                host, port, Optional.of(key), allowedOrigins, limits, grace, longestStep, layers, cluster, meters);
    }

    /** Returns these options with other hosts whose pages may use the server. */
    public ServerOptions withAllowedOrigins(Set<String> origins) {
        return new ServerOptions(host, port, apiKey, origins, limits, grace, longestStep, layers, cluster, meters);
    }

    /** Returns these options with other limits. */
    public ServerOptions withLimits(HttpLimits newLimits) {
        return new ServerOptions(
                host, port, apiKey, allowedOrigins, newLimits, grace, longestStep, layers, cluster, meters);
    }

    /** Returns these options with another grace period. */
    public ServerOptions withGrace(Duration time) {
        return new ServerOptions(
                host, port, apiKey, allowedOrigins, limits, time, longestStep, layers, cluster, meters);
    }

    /** Returns these options with layers that are computed elsewhere. */
    public ServerOptions withCluster(
            Supplier<Optional<String>> problem, Supplier<ClusterView> view, List<MeterBinder> binders) {
        return new ServerOptions(
                host, port, apiKey, allowedOrigins, limits, grace, longestStep, problem, view, binders);
    }

    /** Names everything but the key. */
    @Override
    public String toString() {
        return "ServerOptions[" + host + ":" + port + ", " + (apiKey.isPresent() ? "with a key" : "without a key")
                + "]";
    }
}
