package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryUpdatedListener;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.expertgrid.cluster.deploying.Deployment;
import org.expertgrid.cluster.deploying.Rebalance;
import org.expertgrid.cluster.dispatch.Dispatch;
import org.expertgrid.cluster.dispatch.Dispatcher;
import org.expertgrid.cluster.dispatch.ForwardCounters;
import org.expertgrid.cluster.dispatch.ForwardPass;
import org.expertgrid.cluster.dispatch.PipelinedBatches;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.JmxBeans;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.inspection.StatusReader;
import org.expertgrid.cluster.layout.Cut;
import org.expertgrid.cluster.layout.LayerId;
import org.expertgrid.cluster.layout.MatrixRole;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.Slices;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.status.ModelHealth;
import org.expertgrid.cluster.status.ModelStatus;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardLayer;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.weights.LinearWeights;
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

    private final HazelcastInstance hazelcast;
    private final String name;
    private final Deployment deployment;
    private final StatusReader status;
    private final ModelDefinition definition;
    private final CallerOptions options;
    private final ForwardCounters counters;
    private final Dispatcher dispatcher;
    private final PipelinedBatches pieces;
    private final ExecutorService callers;
    private final Runnable hide;
    private final UUID listener;
    private volatile ModelRecord record;
    private volatile boolean closed;

    DeployedModel(HazelcastInstance hazelcast, String name, ModelRecord record, CallerOptions options) {
        this.hazelcast = hazelcast;
        this.name = name;
        this.deployment = new Deployment(hazelcast, name);
        this.status = new StatusReader(hazelcast);
        this.definition = record.definition();
        this.record = record;
        this.options = options;
        this.counters = new ForwardCounters(definition.shape().experts());
        this.dispatcher = new Dispatcher(hazelcast, name, () -> this.record.shards(), this::refresh, counters);
        this.pieces = new PipelinedBatches(name, options.bytesOnTheirWay());
        this.callers = callers(name);
        EntryUpdatedListener<String, ModelRecord> follower = event -> follow(event.getValue());
        this.listener = models().addEntryListener(follower, name, true);
        try {
            // It may have moved before there was somebody to listen.
            follow(models().get(name));
            String handle = UUID.randomUUID().toString();
            this.hide = JmxBeans.register(counters, Map.of("type", "Model", "name", name, "handle", handle));
        } catch (RuntimeException e) {
            stopListening(e);
            throw e;
        }
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

    /** Has forwards go to another set of shards from now on, when there is one: the old one is removed once nobody asks for it. */
    private void follow(ModelRecord now) {
        if (now != null && now.isReady() && now.id().equals(definition.id()) && now.version() > record.version()) {
            record = now;
        }
    }

    /** Looks up where the shards are, for whoever missed that they moved. */
    private void refresh() {
        record = deployment.current(record);
    }

    /**
     * Deploys a model and returns a handle on it; where there can be none, nothing is left of the model either.
     *
     * @param layers gives the layers of an expert, FC1 first; called once for each expert, ascending
     */
    static DeployedModel deploy(
            HazelcastInstance hazelcast,
            String name,
            ModelDefinition definition,
            IntFunction<List<LinearWeights>> layers,
            DeploymentProgress progress,
            CallerOptions options) {
        definition.checkDeployable(name);
        Deployment deployment = new Deployment(hazelcast, name);
        ModelRecord record = deployment.deploy(definition, layers, progress);
        try {
            return new DeployedModel(hazelcast, name, record, options);
        } catch (Throwable thrown) {
            deployment.removeAfter(thrown, record);
            throw thrown;
        }
    }

    /** Connects to the model of this name, which must be of the given kind. */
    static DeployedModel connect(
            HazelcastInstance hazelcast, String name, ModelDefinition.Kind kind, CallerOptions options) {
        return new DeployedModel(hazelcast, name, new Deployment(hazelcast, name).find(kind), options);
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
                    // Whoever asks for more than can wait does it himself, which is a way of waiting.
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
                .expectInput(x, definition.shape().inputDim(), definition.elementType())
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
                .expectInput(x, definition.inputs(matrix), definition.elementType())
                .throwIfAny();
        int outputs = definition.outputs(matrix);
        MatrixBuffer y = MatrixBuffer.allocate(x.elementType(), x.rows(), outputs);
        Cut cut = definition.cut(matrix);
        pieces.send(x, outputs, 1, deadline, (fromRow, rows) -> {
            Dispatch dispatch = dispatcher.start(
                    (deployment, ranks) -> new ForwardLayer(new LayerId(deployment, expert, matrix, cut), ranks, rows),
                    deadline);
            return new PipelinedBatches.Sent(
                    dispatch, parts -> parts.forEach(part -> place(part, matrix, fromRow, rows.rows(), y)));
        });
        return y.toMatrix();
    }

    private void place(Dispatcher.Part part, MatrixRole matrix, int fromRow, int rows, MatrixBuffer y) {
        Slices slices = new Slices(definition.outputs(matrix), definition.ranks());
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
    }

    private static IllegalStateException closed(String name) {
        return new IllegalStateException(
                "model '" + name + "': this handle is closed (expected: an open one; connect again)");
    }
}
