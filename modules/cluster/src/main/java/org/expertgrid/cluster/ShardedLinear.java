package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
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
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.Matrix;

/**
 * A linear layer {@code y = x W + b} whose columns are divided over ranks: every rank multiplies all rows by its columns, and the
 * results are concatenated in the order of the ranks. Gives {@link org.expertgrid.experts.layers.Linear}'s bits.
 *
 * <p>Safe for use by many threads.
 */
public final class ShardedLinear implements Layer, AutoCloseable {
    private final DeployedModel model;
    private final ColumnPass pass;

    /** One layer of one expert of a model that has more of them. */
    ShardedLinear(DeployedModel model, int expert, MatrixRole matrix) {
        this.model = model;
        this.pass = new ColumnPass(model, expert, matrix);
    }

    /**
     * Deploys one linear layer under a name of its own.
     *
     * @param hazelcast a member or client of the cluster, which stays the caller's to shut down
     * @param name what it is to be called, not blank and not taken
     * @param weights what is deployed
     * @param ranks how many parts its columns are divided into, at least 1 and at most one for each column
     * @return a handle to be closed
     * @throws IllegalArgumentException if name or ranks cannot be; names every problem, before anything is changed
     * @throws ModelExistsException if the name is taken
     * @throws NoDataMembersException if the cluster has no member that could hold weights
     * @throws NotConfiguredException if the cluster, or this side, lacks Expertgrid's configuration
     */
    public static ShardedLinear deploy(HazelcastInstance hazelcast, String name, LinearWeights weights, int ranks) {
        // An expert of which only the first matrix is there.
        ExpertShape shape = ExpertShape.plain(
                weights.inputs(), weights.outputs(), weights.outputs(), Activation.IDENTITY, weights.hasBias());
        LayerDefinition layer = LayerDefinition.of(shape, List.of(weights));
        ModelDefinition definition =
                ModelDefinition.of(ModelDefinition.Kind.LINEAR, "", Exchange.CONCAT, ranks, List.of(layer));
        DeployedModel model = DeployedModel.deploy(
                hazelcast, name, definition, ModelWeights.of(List.of(weights)), part -> {}, CallerOptions.defaults());
        return new ShardedLinear(model, 0, MatrixRole.FC1);
    }

    /**
     * Connects to a linear layer that was deployed.
     *
     * @return a handle to be closed
     * @throws ModelNotFoundException if there is nothing of that name
     * @throws ModelNotReadyException if its deployment has not ended
     * @throws NotConfiguredException if the cluster, or this side, lacks Expertgrid's configuration
     * @throws IllegalArgumentException if what has that name is of another kind
     */
    public static ShardedLinear connect(HazelcastInstance hazelcast, String name) {
        return new ShardedLinear(
                DeployedModel.connect(hazelcast, name, ModelDefinition.Kind.LINEAR, CallerOptions.defaults()),
                0,
                MatrixRole.FC1);
    }

    /**
     * Returns {@code x W + b}, computed where the columns are.
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

    Matrix forward(Matrix x, Deadline deadline) {
        return pass.forward(x, deadline);
    }

    /**
     * Removes the layer and its shards from the cluster.
     *
     * @throws IllegalStateException if this handle is closed
     */
    public void undeploy() {
        model.undeploy();
    }

    /** Releases this handle; the layer stays deployed and the Hazelcast instance running. */
    @Override
    public void close() {
        model.close();
    }
}
