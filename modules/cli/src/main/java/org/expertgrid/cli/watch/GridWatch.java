package org.expertgrid.cli.watch;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.cluster.status.ModelHealth;
import org.expertgrid.cluster.status.MoeStatistics;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.server.page.ClusterView;

/**
 * Looks at the cluster of a served model every second, for the page and for the server's health.
 *
 * <p>{@link #view} and {@link #problem} ask no member, and are safe for use by many threads.
 */
public final class GridWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(GridWatch.class.getName());
    private static final long EVERY_MILLIS = 1000;
    /** A client without any member waits for one, and the look with it. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

    private final Connection connection;
    private final String model;
    private final Map<Integer, TensorParallelMoe> layers;
    private final Duration longestLook;
    private final MemberHistory members = new MemberHistory();
    private final ExpertHeat heat = new ExpertHeat();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "expertgrid-grid-watch");
        thread.setDaemon(true);
        return thread;
    });

    private volatile long forwardsBefore;
    /** When the look that is under way began, as {@link System#nanoTime}; 0 between two looks. */
    private volatile long lookingSince;

    private volatile ClusterView view = ClusterView.NONE;
    private volatile Optional<String> problem = Optional.empty();

    private GridWatch(
            Connection connection, String model, Map<Integer, TensorParallelMoe> layers, Duration longestLook) {
        this.connection = connection;
        this.model = model;
        this.layers = new TreeMap<>(layers);
        this.longestLook = longestLook;
    }

    /**
     * Begins to watch.
     *
     * @param connection stays the caller's to close, after this
     * @param model the name that the model was deployed under
     * @param layers the handles through which the layers are called, by number
     */
    public static GridWatch start(Connection connection, String model, Map<Integer, TensorParallelMoe> layers) {
        return start(connection, model, layers, LONGEST_LOOK);
    }

    /** As {@link #start(Connection, String, Map)}; a look that takes longer than {@code longestLook} is a problem. */
    static GridWatch start(
            Connection connection, String model, Map<Integer, TensorParallelMoe> layers, Duration longestLook) {
        GridWatch watch = new GridWatch(connection, model, layers, longestLook);
        watch.clock.scheduleWithFixedDelay(watch::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return watch;
    }

    /** Returns the cluster as of the last look. */
    public ClusterView view() {
        return view;
    }

    /** Returns why the layers could not be computed at the last look, or since it began; nothing where they could. */
    public Optional<String> problem() {
        long since = lookingSince;
        boolean hangs = since != 0 && System.nanoTime() - since > longestLook.toNanos();
        return hangs && counters(MoeStatistics::forwards) == forwardsBefore
                ? Optional.of("the cluster has not answered for more than " + longestLook.toSeconds() + " s")
                : problem;
    }

    private void look() {
        long forwards = counters(MoeStatistics::forwards);
        boolean answered = forwards > forwardsBefore;
        forwardsBefore = forwards;
        lookingSince = System.nanoTime() | 1;
        try {
            ClusterStatus status = connection.status();
            Instant now = Instant.now();
            members.observe(now, status.members(), ranks(status));
            problem = answered ? Optional.empty() : problem(status);
            view = view(now, forwards);
        } catch (ExpertgridException | IllegalStateException e) {
            LOG.log(Level.DEBUG, "the cluster cannot be asked", e);
            problem = answered ? Optional.empty() : Optional.of("the cluster does not answer");
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the page does not show the cluster as it is", e);
        } finally {
            lookingSince = 0;
        }
    }

    private ClusterView view(Instant now, long forwards) {
        Map<Integer, List<Long>> rows = new TreeMap<>();
        layers.forEach((number, layer) -> rows.put(number, layer.statistics().rowsPerExpert()));
        return new ClusterView(
                members.members(),
                members.events(),
                heat.observe(now, rows),
                forwards,
                counters(MoeStatistics::hedges),
                counters(MoeStatistics::retries));
    }

    private long counters(ToLongFunction<MoeStatistics> counter) {
        return layers.values().stream()
                .map(TensorParallelMoe::statistics)
                .mapToLong(counter)
                .sum();
    }

    private Map<String, List<Integer>> ranks(ClusterStatus status) {
        return status.models().stream()
                .filter(deployed -> deployed.name().equals(model))
                .findFirst()
                .map(deployed -> deployed.ranksByMember())
                .orElse(Map.of());
    }

    private Optional<String> problem(ClusterStatus status) {
        Optional<ModelHealth> health = status.health().stream()
                .filter(known -> known.name().equals(model))
                .findFirst();
        if (health.isEmpty()) {
            return Optional.of("the model " + model + " has been undeployed");
        }
        List<Integer> unserved = health.get().unserved();
        return unserved.isEmpty()
                ? Optional.empty()
                : Optional.of("no member answers for the ranks "
                        + unserved.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    }

    /** Ends watching. */
    @Override
    public void close() {
        clock.shutdownNow();
    }
}
