package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryUpdatedListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.expertgrid.cluster.deploying.Deployment;
import org.expertgrid.cluster.deploying.ModelWeights;
import org.expertgrid.cluster.deploying.Rebalance;
import org.expertgrid.cluster.dispatch.Dispatch;
import org.expertgrid.cluster.dispatch.Dispatcher;
import org.expertgrid.cluster.dispatch.ForwardCounters;
import org.expertgrid.cluster.dispatch.ForwardPass;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.dispatch.PipelinedBatches;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.JmxBeans;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.inspection.StatusReader;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.MatrixId;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.RouterMap;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.status.ModelHealth;
import org.expertgrid.cluster.status.ModelStatus;
import org.expertgrid.cluster.wire.MemberReport;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardLayer;
import org.expertgrid.cluster.workarounds.OperationThreads;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.ranks.Slices;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * One handle on a deployed model: its record, the way to its ranks, and the threads of its asynchronous callers. What
 * {@link ShardedLinear}, {@link ShardedExpert} and {@link TensorParallelMoe} have in common.
 *
 * <p>Safe for use by many threads.
 */
final class DeployedModel implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;
    private static final int WAITING_FORWARDS = 256;
    private static final Pattern LAYER = Pattern.compile("(.+)/([0-9]{1,6})");

    private final HazelcastInstance hazelcast;
    private final String name;
    private final Deployment deployment;
    private final StatusReader status;
    private final ModelDefinition definition;
    private final LayerDefinition layer;
    private final CallerOptions options;
    private final ForwardCounters counters;
    private final Dispatcher dispatcher;
    private final PipelinedBatches pieces;
    private final ExecutorService callers;
    private final Runnable hide;
    private final UUID listener;
    private volatile ModelRecord record;
    private volatile boolean closed;

    DeployedModel(
            HazelcastInstance hazelcast,
            String name,
            ModelRecord record,
            LayerDefinition layer,
            CallerOptions options,
            Collection<MemberReport> members) {
        this.hazelcast = hazelcast;
        this.name = name;
        this.deployment = new Deployment(hazelcast, name);
        this.status = new StatusReader(hazelcast);
        this.definition = record.definition();
        this.layer = layer;
        this.record = record;
        this.options = options;
        this.counters = new ForwardCounters(layer.shape().allExperts());
        this.dispatcher = new Dispatcher(hazelcast, name, () -> this.record.shards(), this::refresh, counters);
        this.pieces = new PipelinedBatches(name, options.bytesOnTheirWay(), room(members));
        this.callers = callers(name);
        EntryUpdatedListener<String, ModelRecord> follower = event -> follow(event.getValue());
        this.listener = models().addEntryListener(follower, name, true);
        try {
            // The model may have moved before the listener was added.
            follow(models().get(name));
            String handle = UUID.randomUUID().toString();
            this.hide = JmxBeans.register(counters, Map.of("type", "Model", "name", name, "handle", handle));
        } catch (RuntimeException e) {
            stopListening(e);
            throw e;
        }
    }

    /** Returns how many bytes of rows and results fit in: every member has all rows, and results of its own. */
    private static long room(Collection<MemberReport> members) {
        return members.stream()
                .mapToLong(MemberReport::roomForTasks)
                .map(room -> room * (members.size() + 1) / 2)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Leaves nothing behind of a handle that came to nothing, as far as a cluster lets it. */
    private void stopListening(RuntimeException why) {
        try {
            models().removeEntryListener(listener);
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    private IMap<String, ModelRecord> models() {
        return hazelcast.getMap(GridNames.MODELS);
    }

    /** Has forwards go to another set of shards from now on, when there is one: the old one is removed when no caller asks for it. */
    private void follow(ModelRecord now) {
        if (now != null && now.isReady() && now.id().equals(definition.id()) && now.version() > record.version()) {
            record = now;
        }
    }

    /** Looks up where the shards are, because the listener may have missed an event. */
    private void refresh() {
        record = deployment.current(record);
    }

    /** Deploys a model of one layer and returns a handle on it; where there can be none, nothing is left of the model either. */
    static DeployedModel deploy(
            HazelcastInstance hazelcast,
            String name,
            ModelDefinition definition,
            ModelWeights weights,
            DeploymentProgress progress,
            CallerOptions options) {
        definition.check(new Problems(), name).throwIfAny();
        Deployment deployment = new Deployment(hazelcast, name);
        ModelRecord record = deployment.deploy(definition, weights, progress);
        try {
            Collection<MemberReport> members =
                    new MemberCalls(hazelcast).describe().values();
            return new DeployedModel(
                    hazelcast, name, record, definition.layers().get(0), options, members);
        } catch (Throwable thrown) {
            deployment.removeAfter(thrown, record);
            throw thrown;
        }
    }

    /**
     * Connects to a model of the given kind, or to a layer of one.
     *
     * @param name the name of a model that has one layer, or a model's name, a slash and the index of a layer
     */
    static DeployedModel connect(
            HazelcastInstance hazelcast, String name, ModelDefinition.Kind kind, CallerOptions options) {
        Collection<MemberReport> members = new MemberCalls(hazelcast).describe().values();
        Matcher ofLayer = LAYER.matcher(name);
        ModelMap models = new ModelMap(hazelcast);
        boolean isLayer = ofLayer.matches() && models.get(name) == null && models.get(ofLayer.group(1)) != null;
        String model = isLayer ? ofLayer.group(1) : name;
        ModelRecord record = new Deployment(hazelcast, model).find(kind);
        List<LayerDefinition> layers = record.definition().layers();
        if (!isLayer && layers.size() > 1) {
            throw new IllegalArgumentException("model '" + name + "': " + layers.size()
                    + " layers (expected: the name of one of them, such as '" + name + "/"
                    + layers.get(0).index() + "')");
        }
        LayerDefinition layer = isLayer ? record.definition().layer(Integer.parseInt(ofLayer.group(2))) : layers.get(0);
        return new DeployedModel(hazelcast, model, record, layer, options, members);
    }

    private static ExecutorService callers(String name) {
        int threads = Math.max(4, Runtime.getRuntime().availableProcessors());
        ThreadPoolExecutor callers = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_FORWARDS),
                task -> {
                    Thread thread = new Thread(task, "expertgrid." + name + ".forward");
                    thread.setDaemon(true);
                    return thread;
                },
                (task, pool) -> {
                    if (pool.isShutdown()) {
                        throw closed(name);
                    }
                    // When the queue is full the calling thread runs the forward itself; this slows the caller down.
                    task.run();
                });
        callers.allowCoreThreadTimeOut(true);
        return callers;
    }

    String name() {
        return name;
    }

    ModelDefinition definition() {
        return definition;
    }

    LayerDefinition layer() {
        return layer;
    }

    /** Reads the router of the layer. */
    Router router() {
        return new Router(new RouterMap(hazelcast).get(definition.id(), layer.index()), layer.rule());
    }

    CallerOptions options() {
        return options;
    }

    ForwardCounters counters() {
        return counters;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Returns the way of this handle's batches to the members. */
    PipelinedBatches pieces() {
        return pieces;
    }

    /** Returns how many members a forward asks, about. */
    int membersAsked() {
        return Math.min(definition.ranks(), DataMembers.of(hazelcast).size());
    }

    /** Routes rows, on the calling thread: members have the other cores. */
    Routing route(Router router, Matrix x) {
        long start = System.nanoTime();
        Routing routing = routed(router, x);
        Stopwatch.since(start, counters.routingNanos);
        return routing;
    }

    /** Routes rows as {@link #route} does, uncounted. */
    Routing routed(Router router, Matrix x) {
        new Problems()
                .expectInput(x, layer.shape().inputDim(), layer.elementType())
                .throwIfAny();
        return router.route(x);
    }

    /** Returns the deadline of a forward that begins now. */
    Deadline newDeadline() {
        return Deadline.inMillis(options.deadline().toMillis());
    }

    ModelStatus status() {
        return status.model(name, record);
    }

    ModelHealth health() {
        return status.health(name, deployment.current(record));
    }

    boolean rebalance(DeploymentProgress progress) {
        checkOpen();
        deployment.current(record);
        return new Rebalance(hazelcast, name).run(progress);
    }

    /**
     * Returns {@code x W + b} of one layer of one expert: every rank computes its columns, and they are put side by side in the
     * order of the ranks.
     */
    Matrix forwardLayer(int expert, MatrixRole matrix, Matrix x, Deadline deadline) {
        new Problems()
                .expectInput(x, layer.matrix(expert, matrix).inputs(), layer.elementType())
                .throwIfAny();
        int outputs = layer.matrix(expert, matrix).outputs();
        MatrixBuffer y = MatrixBuffer.allocate(x.elementType(), x.rows(), outputs);
        pieces.send(x, outputs, 1, deadline, (fromRow, rows) -> {
            Dispatch dispatch = dispatcher.start(
                    (deployment, ranks) ->
                            new ForwardLayer(new MatrixId(deployment, layer.index(), expert, matrix), ranks, rows),
                    deadline);
            return new PipelinedBatches.Sent(
                    dispatch, parts -> parts.forEach(part -> place(part, fromRow, rows.rows(), y)));
        });
        return y.toMatrix();
    }

    private void place(Dispatcher.Part part, int fromRow, int rows, MatrixBuffer y) {
        Slices slices = new Slices(y.columns(), definition.ranks());
        Matrix columns =
                part.reply().result() == null ? null : part.reply().result().matrix();
        int width = part.ranks().stream()
                .mapToInt(rank -> slices.size(rank.number()))
                .sum();
        if (columns == null || columns.rows() != rows || columns.columns() != width) {
            throw new ExpertgridException("model '" + name + "', ranks "
                    + part.ranks().stream().map(Rank::number).toList() + ": answered " + columns + " (expected: " + rows
                    + " x " + width + ")");
        }
        int column = 0;
        for (Rank rank : part.ranks()) {
            int size = slices.size(rank.number());
            for (int row = 0; row < rows; row++) {
                y.copy(columns, row, column, fromRow + row, slices.from(rank.number()), size);
            }
            column += size;
        }
    }

    /**
     * Runs {@code forward} on a thread of this handle, or on the caller's when too many wait for one; its deadline counts from now.
     * Cancelling the future keeps it from beginning, or interrupts it, which also keeps members from beginning what they have not
     * begun.
     */
    CompletableFuture<Matrix> async(ForwardPass forward, Matrix x) {
        checkOpen();
        Deadline deadline = newDeadline();
        CompletableFuture<Matrix> result = new CompletableFuture<>();
        Future<?> running = callers.submit(() -> {
            try {
                checkInTime(deadline);
                result.complete(forward.forward(x, deadline));
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        });
        result.whenComplete((y, thrown) -> {
            if (result.isCancelled()) {
                running.cancel(true);
            }
        });
        return result;
    }

    private void checkInTime(Deadline deadline) {
        if (deadline.passed()) {
            throw new OverloadedException(
                    "model '" + name + "': other forwards of this handle took until the deadline (expected: fewer at a"
                            + " time, or a longer deadline)",
                    null);
        }
    }

    void undeploy() {
        checkOpen();
        deployment.remove(definition.id());
    }

    /** Releases this handle: forwards under way end, new ones are refused; the model and the Hazelcast instance stay. */
    @Override
    public void close() {
        closed = true;
        callers.shutdown();
        hide.run();
        if (hazelcast.getLifecycleService().isRunning()) {
            models().removeEntryListener(listener);
        }
    }

    void checkOpen() {
        if (closed) {
            throw closed(name);
        }
        if (OperationThreads.isCurrent()) {
            throw new IllegalStateException(
                    "model '" + name + "': called on " + Thread.currentThread().getName()
                            + ", a thread that executes Hazelcast's operations (expected: a thread of the application, since a"
                            + " call waits for members; hand it to an executor)");
        }
    }

    private static IllegalStateException closed(String name) {
        return new IllegalStateException(
                "model '" + name + "': this handle is closed (expected: an open one; connect again)");
    }
}
