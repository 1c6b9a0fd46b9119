package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import java.util.List;
import org.expertgrid.experts.Layer;
import org.expertgrid.experts.LinearWeights;
import org.expertgrid.experts.MoeShape;
import org.expertgrid.experts.Problems;
import org.expertgrid.kernels.Matrix;

/**
 * A linear layer {@code y = x W + b} whose columns are divided over ranks: every rank multiplies all rows by its columns, and the
 * results are concatenated in the order of the ranks. Gives {@link org.expertgrid.experts.Linear}'s bits.
 *
 * <p>Safe for use by many threads.
 */
public final class ShardedLinear implements Layer, AutoCloseable {
    private final DeployedModel model;
    private final int expert;
    private final MatrixRole matrix;

    /** One layer of one expert of a model that has more of them. */
    ShardedLinear(DeployedModel model, int expert, MatrixRole matrix) {
        this.model = model;
        this.expert = expert;
        this.matrix = matrix;
    }

    /**
     * Deploys one linear layer under a name of its own.
     *
     * @param ranks how many parts its columns are divided into, at most one for each column
     * @throws ModelExistsException if the name is taken
     */
    public static ShardedLinear deploy(HazelcastInstance hazelcast, String name, LinearWeights weights, int ranks) {
        new Problems()
                .expect(!name.isBlank(), "name", "'" + name + "'", "not blank")
                .expect(ranks >= 1, "ranks", ranks, "at least 1")
                .expect(ranks <= weights.outputs(), "ranks", ranks, "at most outputs " + weights.outputs())
                .throwIfAny();
        MoeShape shape = new MoeShape(weights.inputs(), weights.outputs(), weights.outputs(), 1);
        ModelDefinition definition = ModelDefinition.of(
                ModelDefinition.Kind.LINEAR, shape, weights.elementType(), 1, Exchange.CONCAT, ranks, null);
        ModelRecord record =
                new Deployment(hazelcast, name).deploy(definition, e -> List.of(weights), (done, of) -> {});
        return new ShardedLinear(
                new DeployedModel(hazelcast, name, record, CallerOptions.defaults()), 0, MatrixRole.FC1);
    }

    /**
     * Connects to a linear layer that was deployed.
     *
     * @throws ModelNotFoundException if there is nothing of that name
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
     * @throws ForwardFailedException if the ranks could not all be had before the deadline
     */
    @Override
    public Matrix forward(Matrix x) {
        model.checkOpen();
        return forward(x, model.newDeadline());
    }

    Matrix forward(Matrix x, Deadline deadline) {
        return model.forwardLayer(expert, matrix, x, deadline);
    }

    /** Removes the layer and its shards from the cluster. */
    public void undeploy() {
        model.undeploy();
    }

    /** Releases this handle; the layer stays deployed and the Hazelcast instance running. */
    @Override
    public void close() {
        model.close();
    }
}
