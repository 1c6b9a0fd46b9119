package org.expertgrid.cli.local;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.cli.output.NarrowingReport;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.ModelDeployment;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;

/**
 * The experts of a whole model on a cluster, layer by layer: deployed for one command, or found under a name.
 *
 * <p>Closing it releases the handles and the connection.
 */
public final class ExpertGrid implements ExpertLayers {
    private final Resources open = new Resources();
    private final Map<Integer, TensorParallelMoe> layers = new TreeMap<>();

    private final Connection connection;
    private final String model;
    private NarrowingReport narrowing = NarrowingReport.NONE;

    private ExpertGrid(Connection connection, String model) {
        this.connection = connection;
        this.model = model;
        open.add(connection);
    }

    /**
     * Deploys the layers of a checkpoint under a name.
     *
     * @param weights the weights of each MoE layer by its number
     */
    static ExpertGrid deploy(
            Connection connection,
            Checkpoint checkpoint,
            String name,
            Map<Integer, MoeWeights> weights,
            int ranks,
            DeploymentProgress progress) {
        ExpertGrid grid = new ExpertGrid(connection, name);
        try {
            new ModelDeployment(checkpoint.moeLayers().family(), weights)
                    .ranks(ranks)
                    .progress(progress)
                    .deploy(connection.hazelcast(), name);
            grid.narrowing = NarrowingReport.of(weights);
            grid.connect(weights.keySet());
            return grid;
        } catch (RuntimeException | Error e) {
            grid.open.closeAfter(e);
            throw e;
        }
    }

    /**
     * Finds the layers of a checkpoint that were deployed under a name.
     *
     * @throws IllegalArgumentException if the deployed layers have other sizes than the checkpoint
     */
    static ExpertGrid find(Connection connection, Checkpoint checkpoint, String model) {
        ExpertGrid grid = new ExpertGrid(connection, model);
        try {
            grid.connect(checkpoint.moeLayers().moeLayers());
            grid.checkSizes(checkpoint);
            return grid;
        } catch (RuntimeException | Error e) {
            grid.open.closeAfter(e);
            throw e;
        }
    }

    private void connect(Iterable<Integer> numbers) {
        for (int number : numbers) {
            layers.put(number, open.add(connection.connect(model + "/" + number)));
        }
    }

    private void checkSizes(Checkpoint checkpoint) {
        MoeShape expected = checkpoint.moeLayers().shape();
        Problems problems = new Problems();
        layers.forEach((number, layer) -> problems.expect(
                layer.shape().equals(expected),
                "model '" + model + "/" + number + "'",
                layer.shape(),
                expected + ", as " + checkpoint.folder() + " has it"));
        problems.throwIfAny();
    }

    @Override
    public Layer layer(int number) {
        return layers.get(number);
    }

    /** Returns the handles of all layers by their numbers. */
    public Map<Integer, TensorParallelMoe> layers() {
        return Collections.unmodifiableMap(layers);
    }

    /** Returns the way into the cluster, which ends with this. */
    public Connection connection() {
        return connection;
    }

    /** Returns the name under which the model is deployed. */
    public String model() {
        return model;
    }

    @Override
    public ExpertTimes times() {
        return layers.values().stream()
                .map(TensorParallelMoe::statistics)
                .map(counted ->
                        new ExpertTimes(counted.routing(), counted.encoding(), counted.waiting(), counted.combining()))
                .reduce(ExpertTimes.NONE, ExpertTimes::plus);
    }

    @Override
    public NarrowingReport narrowing() {
        return narrowing;
    }

    @Override
    public void close() {
        open.close();
    }
}
