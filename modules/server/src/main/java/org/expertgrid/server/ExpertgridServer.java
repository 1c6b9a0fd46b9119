package org.expertgrid.server;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.server.http.HostNames;
import org.expertgrid.server.http.HttpLimits;
import org.expertgrid.server.http.JsonErrors;
import org.expertgrid.server.http.Site;
import org.expertgrid.server.metrics.GenerationMeters;
import org.expertgrid.server.page.PageStatus;
import org.expertgrid.server.sessions.Readiness;
import org.expertgrid.server.sessions.ServedModel;
import org.expertgrid.server.sessions.Sessions;

/**
 * A running server: the OpenAI API for one model, a page, and metrics.
 *
 * <pre>
 *   ServedModel model = ServedModel.of("olmoe", tokenizer, Engine.of(generator), decoder.mostTokens());
 *   try (ExpertgridServer server = ExpertgridServer.start(model, ServerOptions.DEFAULT)) {
 *       System.out.println(server.address());
 *       …
 *   }
 * </pre>
 *
 * <p>Safe for use by many threads. The model stays open when the server is closed.
 */
public final class ExpertgridServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.expertgrid.server");
    private static final Duration LAST_BYTES = Duration.ofSeconds(2);

    private final Server server;
    private final ServerConnector connector;
    private final GracefulHandler replies;
    private final Sessions sessions;
    private final ScheduledExecutorService clock;
    private final ServerOptions options;

    private ExpertgridServer(
            Server server,
            ServerConnector connector,
            GracefulHandler replies,
            Sessions sessions,
            ScheduledExecutorService clock,
            ServerOptions options) {
        this.server = server;
        this.connector = connector;
        this.replies = replies;
        this.sessions = sessions;
        this.clock = clock;
        this.options = options;
    }

    /**
     * Checks that a server could listen on the address of these options now, before a model is loaded for it.
     *
     * @throws IllegalArgumentException if it could not
     */
    public static void checkAddress(ServerOptions options) {
        InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
        new Problems()
                .expect(!address.isUnresolved(), "host", options.host(), "a name or an address of this machine")
                .throwIfAny();
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    options.host() + ":" + options.port() + ": cannot be listened on: " + e.getMessage()
                            + " (expected: an address of this machine and a free port; port 0 is any free one)",
                    e);
        }
    }

    /**
     * Starts a server.
     *
     * @throws ExpertgridException if it cannot listen on the address
     */
    public static ExpertgridServer start(ServedModel model, ServerOptions options) {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("expertgrid-server");
        GenerationMeters meters = new GenerationMeters(model.name(), model.engine()::status);
        Sessions sessions = new Sessions(model.engine(), meters, threads);
        Readiness readiness = new Readiness(sessions, model.engine(), options.layers(), options.longestStep());
        PageStatus page = new PageStatus(model, meters, readiness, options.cluster());
        Site site = new Site(model, sessions, page, registry(meters, options));

        Server server = new Server(threads);
        ServerConnector connector = connector(server, options);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(options.limits().connections(), server));
        server.setErrorHandler(new JsonErrors());
        GracefulHandler replies = new GracefulHandler(site.handler(
                options.apiKey(),
                HostNames.of(options.host(), options.apiKey().isPresent()),
                options.allowedOrigins(),
                options.limits(),
                threads));
        server.setHandler(replies);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "expertgrid-server-clock");
            thread.setDaemon(true);
            return thread;
        });
        long ping = options.limits().pingEvery().toMillis();
        clock.scheduleWithFixedDelay(sessions::remindOfWaiting, ping, ping, TimeUnit.MILLISECONDS);
        ExpertgridServer started = new ExpertgridServer(server, connector, replies, sessions, clock, options);
        try {
            server.start();
            return started;
        } catch (Exception e) {
            clock.shutdownNow();
            started.stop();
            throw new ExpertgridException(
                    options.host() + ":" + options.port() + ": cannot be listened on: " + e.getMessage(), e);
        }
    }

    private static PrometheusMeterRegistry registry(GenerationMeters meters, ServerOptions options) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        List<MeterBinder> binders = new ArrayList<>(options.meters());
        binders.addAll(List.of(meters, new JvmMemoryMetrics(), new JvmThreadMetrics(), new ProcessorMetrics()));
        binders.forEach(binder -> binder.bindTo(registry));
        return registry;
    }

    private static ServerConnector connector(Server server, ServerOptions options) {
        HttpLimits limits = options.limits();
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(limits.headerBytes());
        // Names of models have slashes in them, which clients write as %2F.
        http.setUriCompliance(UriCompliance.RFC3986);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(limits.idleTime().toMillis());
        return connector;
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Returns the address of the page. */
    public URI address() {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return URI.create("http://" + host + ":" + port() + "/");
    }

    /** Takes no more requests, lets those that run end within the grace period, cuts the others off, and stops. */
    @Override
    public void close() {
        sessions.close(options.grace());
        clock.shutdownNow();
        try {
            // The last bytes of the replies that have just ended.
            replies.shutdown().get(LAST_BYTES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.log(Level.WARNING, "a client does not read the end of its reply");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new ExpertgridException("the server cannot be stopped: " + e.getCause(), e.getCause());
        }
        stop();
    }

    private void stop() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new ExpertgridException("the server cannot be stopped: " + e.getMessage(), e);
        }
    }
}
