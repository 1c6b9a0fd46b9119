package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.expertgrid.cluster.deploying.ModelWeights;
import org.expertgrid.cluster.deploying.Undeployment;
import org.expertgrid.cluster.dispatch.ForwardPass;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.dispatch.RequestBatcher;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.ModelExistsException;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.errors.ModelNotReadyException;
import org.expertgrid.cluster.errors.NoDataMembersException;
import org.expertgrid.cluster.errors.NotConfiguredException;
import org.expertgrid.cluster.errors.OverloadedException;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.errors.WeightsLostException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.RankLimits;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.status.ModelHealth;
import org.expertgrid.cluster.status.ModelStatus;
import org.expertgrid.cluster.status.MoeStatistics;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/**
 * A Mixture-of-Experts layer whose experts live in a Hazelcast cluster, every weight of every expert divided over the same ranks.
 * Rows go to the members, weights stay there.
 *
 * <pre>{@code
 * try (TensorParallelMoe moe = TensorParallelMoe.builder(weights).topK(2).ranks(10).deploy(hazelcast, "ranker")) {
 *     Matrix y = moe.forward(x);
 * }
 * }</pre>
 *
 * <p>Routing happens at the caller, in this object; its router is a copy of the deployed one. The Hazelcast instance may be a
 * member or a client. While a member is lost and its weights have a backup, forwards take longer and do not fail.
 *
 * <p>Safe for use by many threads.
 */
public final class TensorParallelMoe implements Layer, AutoCloseable {
    private final DeployedModel model;
    private final Router router;
    private final ForwardPass entrance;

    /** Takes over a handle on a model that is ready. */
    private TensorParallelMoe(DeployedModel model) {
        this.model = model;
        this.router = model.router();
        ForwardPass pass = switch (exchange()) {
            case CONCAT -> new ConcatPass(model, router);
            case REDUCE -> new ReducePass(model, router);
        };
        long window = model.options().batchingWindow().toNanos();
        this.entrance = window == 0 ? pass : new RequestBatcher(pass, model.counters(), window);
    }

    /**
     * Returns a builder with the seed's defaults: topK 1, ranks 4.
     *
     * @param weights what is to be deployed; each expert is asked for once, in ascending order, when it is
     */
    public static Builder builder(MoeWeights weights) {
        return new Builder(weights);
    }

    /**
     * Connects to a model that was deployed, from any member or client of its cluster, and calls it by
     * {@link CallerOptions#defaults}.
     *
     * @param hazelcast a member or client, which stays the caller's to shut down
     * @param name the name that the model was deployed under
     * @return a handle to be closed
     * @throws ModelNotFoundException if there is no model of that name
     * @throws ModelNotReadyException if its deployment has not ended
     * @throws NotConfiguredException if the cluster, or this side, lacks Expertgrid's configuration
     * @throws IllegalArgumentException if what has that name is a {@link ShardedExpert} or a {@link ShardedLinear}
     * @throws org.expertgrid.cluster.errors.StoreException if the model's record is to be read from a store, and its file is damaged
     */
    public static TensorParallelMoe connect(HazelcastInstance hazelcast, String name) {
        return connect(hazelcast, name, CallerOptions.defaults());
    }

    /**
     * Connects as {@link #connect(HazelcastInstance, String)} does, and fails as it does, to call in a way of one's own.
     *
     * @param hazelcast a member or client, which stays the caller's to shut down
     * @param name the name that the model was deployed under
     * @param options how this handle calls the model
     * @return a handle to be closed
     */
    public static TensorParallelMoe connect(HazelcastInstance hazelcast, String name, CallerOptions options) {
        return new TensorParallelMoe(DeployedModel.connect(hazelcast, name, ModelDefinition.Kind.MOE, options));
    }

    /**
     * Removes the model of this name and its shards from the cluster, whether its deployment ended or not, and whatever its kind.
     *
     * @param hazelcast a member or client of the cluster
     * @param name the name that the model was deployed under
     * @throws ModelNotFoundException if there is none
     * @throws NotConfiguredException if the cluster, or this side, lacks Expertgrid's configuration
     * @throws org.expertgrid.cluster.errors.StoreException if a file of the model in a store is damaged, or cannot be removed
     */
    public static void undeploy(HazelcastInstance hazelcast, String name) {
        new MemberCalls(hazelcast).describe();
        new Undeployment(hazelcast, name).run();
    }

    /**
     * Adds the reasons why a model cannot be divided over that many ranks.
     *
     * @param problems to add to, may have some already
     * @param name the name under which the number of ranks was given: {@code ranks}, or an option
     * @param ranks how many ranks are asked for
     * @return {@code problems}
     */
    public static Problems expectRanks(Problems problems, String name, int ranks, Exchange exchange, MoeShape shape) {
        return new RankLimits(exchange, shape).expect(problems, name, ranks);
    }

    /** Returns the name that the model was deployed under. */
    public String name() {
        return model.name();
    }

    /** Returns the model's sizes, in elements. */
    public MoeShape shape() {
        return model.layer().shape();
    }

    /** Returns what the model's matrices hold, and so must the rows of {@link #forward}. */
    public ElementType elementType() {
        return model.layer().elementType();
    }

    /** Returns how many experts a row goes to: 1 to the model's experts. */
    public int topK() {
        return model.layer().rule().effectiveTopK(shape().experts());
    }

    /** Returns the number of ranks that every weight is divided over. */
    public int ranks() {
        return model.definition().ranks();
    }

    /** Returns how the model's experts are cut over its ranks. */
    public Exchange exchange() {
        return model.definition().exchange();
    }

    /** Returns where the model's ranks are at the moment, as this side sees the cluster. Asks no member. */
    public ModelStatus status() {
        return model.status();
    }

    /**
     * Asks the members how the model is at the moment; those that do not answer within 3 s count as not serving.
     *
     * @throws ModelNotFoundException if the model has been undeployed
     */
    public ModelHealth health() {
        return model.health();
    }

    /**
     * Spreads the ranks evenly over the data members again, after some have joined or left; forwards of all handles go on
     * meanwhile. Members need room for the weights twice until it is done. Members do this by themselves too, some
     * time after others have come or gone: {@link ExpertgridConfig#REBALANCE_SECONDS} is the property that says how long.
     *
     * @return whether there was anything to do
     * @throws ModelNotReadyException if another process is doing it
     * @throws ModelNotFoundException if the model has been undeployed
     * @throws IllegalStateException if this handle is closed
     */
    public boolean rebalance() {
        return model.rebalance(part -> {});
    }

    /** Returns what this handle has done so far. */
    public MoeStatistics statistics() {
        return model.counters().snapshot();
    }

    /**
     * Returns which experts the rows of {@code x} go to, as {@link #forward} will have it. Asks no member.
     *
     * @param x {@code [any, inputDim]} of the model's element type
     * @throws IllegalArgumentException if {@code x} is not inputDim wide, or of another element type
     */
    public Routing route(Matrix x) {
        return model.routed(router, x);
    }

    /**
     * Returns the gated sum of the experts that each row of {@code x} goes to, rows in the same order; none for none.
     *
     * @param x {@code [any, inputDim]} of the model's element type
     * @return {@code [x.rows, outputDim]} of the same type
     * @throws IllegalArgumentException if {@code x} is not inputDim wide, or of another element type
     * @throws IllegalStateException if this handle is closed
     * @throws OverloadedException if there was no room for it before the deadline, 30 s by default
     * @throws WeightsLostException if no member and no store has some of the weights any more
     * @throws ForwardFailedException if the ranks could not all be had before the deadline
     * @throws ModelNotFoundException if the model has been undeployed
     */
    @Override
    public Matrix forward(Matrix x) {
        model.checkOpen();
        new Problems().expectInput(x, shape().inputDim(), elementType()).throwIfAny();
        return forward(x, model.newDeadline());
    }

    private Matrix forward(Matrix x, Deadline deadline) {
        return entrance.forward(x, deadline);
    }

    /**
     * Does what {@link #forward} does on a thread of this handle's; the future fails with what forward would throw. The rows of
     * {@code x} must not change until the future ends: an array that was wrapped is not copied. Cancelling it
     * stops what has not begun, here and on the members. When some hundreds wait for a thread, this one does it itself before it
     * returns; the deadline counts from this call.
     *
     * @param x {@code [any, inputDim]} of the model's element type
     * @return what will be {@code [x.rows, outputDim]} of the same type
     * @throws IllegalArgumentException if {@code x} is not inputDim wide, or of another element type: at once, not in the future
     * @throws IllegalStateException if this handle is closed: at once too
     */
    public CompletableFuture<Matrix> forwardAsync(Matrix x) {
        new Problems().expectInput(x, shape().inputDim(), elementType()).throwIfAny();
        return model.async(this::forward, x);
    }

    /**
     * Removes the model and its shards from the cluster; forwards of other handles fail from then on. Does nothing where it has been
     * removed already.
     *
     * @throws IllegalStateException if this handle is closed
     * @throws org.expertgrid.cluster.errors.StoreException if a file of the model in a store is damaged, or cannot be removed
     */
    public void undeploy() {
        model.undeploy();
    }

    /**
     * Releases this handle; the model stays deployed and the Hazelcast instance running. Forwards under way end, later ones are
     * refused. Does nothing when done again.
     */
    @Override
    public void close() {
        model.close();
    }

    /**
     * Says how a model is to be deployed.
     *
     * <p>For one thread.
     */
    public static final class Builder {
        private final MoeWeights weights;
        private int topK;
        private int ranks = 4;
        private Exchange exchange = Exchange.REDUCE;
        private DeploymentProgress progress = part -> {};
        private CallerOptions options = CallerOptions.defaults();

        private Builder(MoeWeights weights) {
            this.weights = Objects.requireNonNull(weights, "weights");
            this.topK = weights.rule().topK();
        }

        /** How many experts each row goes to, at least 1; more than there are means all. Default what the weights' rule says, the seed's 1. */
        public Builder topK(int topK) {
            this.topK = topK;
            return this;
        }

        /**
         * How many parts every weight is divided into: at least 1, at most hiddenDim, and with {@link Exchange#CONCAT} at most
         * outputDim too. Default 4.
         */
        public Builder ranks(int ranks) {
            this.ranks = ranks;
            return this;
        }

        /** How the experts are cut. Default {@link Exchange#REDUCE}. */
        public Builder exchange(Exchange exchange) {
            this.exchange = Objects.requireNonNull(exchange, "exchange");
            return this;
        }

        /** How the handle that {@link #deploy} returns calls the model. */
        public Builder calling(CallerOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        /** Sets the listener that is called after each expert that has been deployed. By default there is none. */
        public Builder progress(DeploymentProgress progress) {
            this.progress = Objects.requireNonNull(progress, "progress");
            return this;
        }

        /**
         * Writes the weights into the cluster, expert by expert, and returns a handle on the model once every rank has packed
         * its part. A deployment that fails leaves nothing behind.
         *
         * @param hazelcast a member or client of the cluster, which stays the caller's to shut down
         * @param name what the model is to be called, not blank and not taken
         * @return a handle to be closed
         * @throws IllegalArgumentException if the name or the options cannot be, or do not fit the weights; names every problem,
         *     before anything is changed
         * @throws RefusedException if members have no room for the model, before anything is sent; also where room runs out meanwhile
         * @throws ModelExistsException if the name is taken
         * @throws NoDataMembersException if the cluster has no member that could hold weights
         * @throws NotConfiguredException if the cluster, or this side, lacks Expertgrid's configuration
         * @throws ForwardFailedException if the members could not all take their parts in
         * @throws org.expertgrid.experts.errors.ExpertgridException if the grid, or its store, could not take all weights
         */
        public TensorParallelMoe deploy(HazelcastInstance hazelcast, String name) {
            LayerDefinition layer = LayerDefinition.of(0, weights).withTopK(Math.max(1, topK));
            ModelDefinition definition =
                    ModelDefinition.of(ModelDefinition.Kind.MOE, "", exchange, ranks, List.of(layer));
            definition
                    .check(new Problems().expect(topK >= 1, "topK", topK, "at least 1"), name)
                    .throwIfAny();
            return new TensorParallelMoe(DeployedModel.deploy(
                    hazelcast, name, definition, ModelWeights.of(Map.of(layer.index(), weights)), progress, options));
        }
    }
}
