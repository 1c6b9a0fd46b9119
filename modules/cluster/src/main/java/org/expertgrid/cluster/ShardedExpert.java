package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.List;
import org.expertgrid.cluster.deploying.ModelWeights;
import org.expertgrid.cluster.errors.ForwardFailedException;
import org.expertgrid.cluster.errors.ModelExistsException;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.errors.ModelNotReadyException;
import org.expertgrid.cluster.errors.NoDataMembersException;
import org.expertgrid.cluster.errors.NotConfiguredException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.options.CallerOptions;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.layers.Expert;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.kernels.Matrix;

/**
 * An expert, plain or gated, of {@link ShardedLinear} layers. Gives {@link Expert}'s bits.
 *
 * <p>Safe for use by many threads.
 */
public final class ShardedExpert implements Layer, AutoCloseable {
    private final DeployedModel model;
    private final ExpertShape shape;
    private final List<ShardedLinear> matrices;

    /** One expert of a model that has more of them. */
    ShardedExpert(DeployedModel model, int expert) {
        this.model = model;
        this.shape = model.layer().shape().expert(expert);
        this.matrices = shape.roles().stream()
                .map(role -> new ShardedLinear(model, expert, role))
                .toList();
    }

    /**
     * Deploys one expert under a name of its own.
     *
     * @param hazelcast a member or client of the cluster, which stays the caller's to shut down
     * @param name what it is to be called, not blank and not taken
     * @param weights what is deployed
     * @param ranks how many parts the columns of all its matrices are divided into, at least 1 and at most one for each column
     * @return a handle to be closed
     * @throws IllegalArgumentException if name or ranks cannot be; names every problem, before anything is changed
     * @throws ModelExistsException if the name is taken
     * @throws NoDataMembersException if the cluster has no member that could hold weights
     * @throws NotConfiguredException if the cluster, or this side, lacks Expertgrid's configuration
     */
    public static ShardedExpert deploy(HazelcastInstance hazelcast, String name, ExpertWeights weights, int ranks) {
        LayerDefinition layer = LayerDefinition.of(weights.shape(), weights.matrices());
        ModelDefinition definition =
                ModelDefinition.of(ModelDefinition.Kind.EXPERT, "", Exchange.CONCAT, ranks, List.of(layer));
        DeployedModel model = DeployedModel.deploy(
                hazelcast, name, definition, ModelWeights.of(weights.matrices()), part -> {}, CallerOptions.defaults());
        return new ShardedExpert(model, 0);
    }

    /**
     * Connects to an expert that was deployed.
     *
     * @return a handle to be closed
     * @throws ModelNotFoundException if there is nothing of that name
     * @throws ModelNotReadyException if its deployment has not ended
     * @throws NotConfiguredException if the cluster, or this side, lacks Expertgrid's configuration
     * @throws IllegalArgumentException if what has that name is of another kind
     */
    public static ShardedExpert connect(HazelcastInstance hazelcast, String name) {
        return new ShardedExpert(
                DeployedModel.connect(hazelcast, name, ModelDefinition.Kind.EXPERT, CallerOptions.defaults()), 0);
    }

    /**
     * Returns what the expert makes of {@code x}, computed where the columns are.
     *
     * @param x {@code [any, inputs]} of the weights' element type
     * @return {@code [x.rows, outputs]} of the same type
     * @throws IllegalArgumentException if {@code x} is of another width or element type
     * @throws IllegalStateException if this handle is closed
     * @throws ForwardFailedException if the ranks could not all be had before the deadline
     * @throws ModelNotFoundException if it has been undeployed
     */
    @Override
    public Matrix forward(Matrix x) {
        model.checkOpen();
        return forward(x, model.newDeadline());
    }

    /** Takes rows through all layers before one deadline. */
    Matrix forward(Matrix x, Deadline deadline) {
        List<Layer> layers = new ArrayList<>();
        for (ShardedLinear matrix : matrices) {
            layers.add(rows -> matrix.forward(rows, deadline));
        }
        return new Expert(shape, layers).forward(x);
    }

    /**
     * Removes the expert and its shards from the cluster.
     *
     * @throws IllegalStateException if this handle is closed
     */
    public void undeploy() {
        model.undeploy();
    }

    /** Releases this handle; the expert stays deployed and the Hazelcast instance running. */
    @Override
    public void close() {
        model.close();
    }
}
