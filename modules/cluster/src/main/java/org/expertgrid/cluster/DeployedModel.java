package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.expertgrid.cluster.deploying.Deployment;
import org.expertgrid.cluster.deploying.ModelLookup;
import org.expertgrid.cluster.deploying.ModelWeights;
import org.expertgrid.cluster.deploying.Rebalance;
import org.expertgrid.cluster.deploying.Undeployment;
import org.expertgrid.cluster.dispatch.Dispatcher;
import org.expertgrid.cluster.dispatch.ForwardCounters;
import org.expertgrid.cluster.dispatch.ForwardPass;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.dispatch.PipelinedBatches;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.JmxBeans;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.inspection.StatusReader;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.RouterMap;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.status.ModelHealth;
import org.expertgrid.cluster.status.ModelStatus;
import org.expertgrid.cluster.wire.MemberReport;
import org.expertgrid.cluster.workarounds.OperationThreads;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.kernels.Matrix;

/**
 * One handle on a deployed model: its {@linkplain FollowedRecord record}, the way to its ranks, and its
 * {@linkplain AsyncForwards asynchronous forwards}. {@link ShardedLinear}, {@link ShardedExpert} and {@link TensorParallelMoe} each have
 * one.
 *
 * <p>Safe for use by many threads.
 */
final class DeployedModel implements AutoCloseable {
    private static final Pattern LAYER = Pattern.compile("(.+)/([0-9]{1,6})");

    private final HazelcastInstance hazelcast;
    private final String name;
    private final StatusReader status;
    private final ModelDefinition definition;
    private final LayerDefinition layer;
    private final CallerOptions options;
    private final ForwardCounters counters;
    private final Dispatcher dispatcher;
    private final PipelinedBatches pieces;
    private final AsyncForwards asyncForwards;
    private final Runnable hide;
    private final FollowedRecord record;
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
        this.status = new StatusReader(hazelcast);
        this.definition = record.definition();
        this.layer = layer;
        this.options = options;
        this.counters = new ForwardCounters(layer.shape().allExperts());
        this.record = new FollowedRecord(hazelcast, name, record);
        this.dispatcher =
                new Dispatcher(hazelcast, name, () -> this.record.get().shards(), this.record::refresh, counters);
        this.pieces = new PipelinedBatches(name, options.bytesOnTheirWay(), room(members));
        this.asyncForwards = new AsyncForwards(name);
        String handle = UUID.randomUUID().toString();
        this.hide = JmxBeans.register(counters, Map.of("type", "Model", "name", name, "handle", handle));
    }

    /** Returns how many bytes of rows and results fit in: every member has all rows, and results of its own. */
    private static long room(Collection<MemberReport> members) {
        return members.stream()
                .mapToLong(MemberReport::roomForTasks)
                .map(room -> room * (members.size() + 1) / 2)
                .min()
                .orElse(Long.MAX_VALUE);
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
        ModelRecord record = new Deployment(hazelcast, name).deploy(definition, weights, progress);
        try {
            Collection<MemberReport> members =
                    new MemberCalls(hazelcast).describe().values();
            return new DeployedModel(
                    hazelcast, name, record, definition.layers().get(0), options, members);
        } catch (Throwable thrown) {
            new Undeployment(hazelcast, name).removeAfter(thrown, record);
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
        ModelRecord record = new ModelLookup(hazelcast, model).find(kind);
        List<LayerDefinition> layers = record.definition().layers();
        if (!isLayer && layers.size() > 1) {
            throw new IllegalArgumentException("model '" + name + "': " + layers.size()
                    + " layers (expected: the name of one of them, such as '" + name + "/"
                    + layers.get(0).index() + "')");
        }
        LayerDefinition layer = isLayer ? record.definition().layer(Integer.parseInt(ofLayer.group(2))) : layers.get(0);
        return new DeployedModel(hazelcast, model, record, layer, options, members);
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
        return status.model(name, record.get());
    }

    ModelHealth health() {
        return status.health(name, record.current());
    }

    boolean rebalance(DeploymentProgress progress) {
        checkOpen();
        record.current();
        return new Rebalance(hazelcast, name).run(progress);
    }

    /** {@linkplain AsyncForwards#start Starts} a forward whose deadline counts from now. */
    CompletableFuture<Matrix> async(ForwardPass forward, Matrix x) {
        checkOpen();
        return asyncForwards.start(forward, x, newDeadline());
    }

    void undeploy() {
        checkOpen();
        new Undeployment(hazelcast, name).remove(definition.id());
    }

    /** Releases this handle: forwards under way end, new ones are refused; the model and the Hazelcast instance stay. */
    @Override
    public void close() {
        closed = true;
        asyncForwards.close();
        hide.run();
        record.close();
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

    static IllegalStateException closed(String name) {
        return new IllegalStateException(
                "model '" + name + "': this handle is closed (expected: an open one; connect again)");
    }
}
