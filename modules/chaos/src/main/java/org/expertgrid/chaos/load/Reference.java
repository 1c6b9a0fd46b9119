package org.expertgrid.chaos.load;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.cli.seed.SeedExercise;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.experts.layers.SimpleMoe;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;

/**
 * Batches and their answers, computed by SimpleMoe beforehand. Every row of every answer of the cluster is compared with them.
 *
 * <p>Immutable.
 */
public final class Reference {
    /** Batches overlap, so that three cost little more than one, and differ, so that the answer of one is wrong for the others. */
    private static final int BATCHES = 3;

    private final Example example;
    private final boolean ofCheckpoint;
    private final List<Matrix> batches = new ArrayList<>();
    private final List<Matrix> answers = new ArrayList<>();
    private final double largestDifference;

    private Reference(Example example, boolean ofCheckpoint, int batch) {
        this.example = example;
        this.ofCheckpoint = ofCheckpoint;
        Matrix answer = new SimpleMoe(example.weights(), example.topK(), KernelsChoice.best()).forward(example.rows());
        int step = step(batch);
        for (int i = 0; i < BATCHES; i++) {
            batches.add(example.rows().rowRange(i * step, i * step + batch));
            answers.add(answer.rowRange(i * step, i * step + batch));
        }
        this.largestDifference = Agreement.scale(answer) * Agreement.tolerance(example.elementType());
    }

    /** Draws the model and the rows of these parameters, and computes the answers. */
    public static Reference draw(SeedExercise.Parameters parameters) {
        return new Reference(Example.draw(withAllRows(parameters)), false, parameters.batchSize());
    }

    /** Takes a layer of a checkpoint, draws rows as the parameters say, and computes the answers. */
    public static Reference ofCheckpoint(MoeWeights layer, SeedExercise.Parameters parameters) {
        Matrix rows = withAllRows(parameters).rows(new NamedRandomStates());
        Example example = new Example(layer.inMemory(), layer.rule().topK(), rows);
        return new Reference(example, true, parameters.batchSize());
    }

    private static SeedExercise.Parameters withAllRows(SeedExercise.Parameters parameters) {
        int batch = parameters.batchSize();
        return new SeedExercise.Parameters(
                batch + (BATCHES - 1) * step(batch),
                parameters.featureDim(),
                parameters.hiddenDim(),
                parameters.outputDim(),
                parameters.numExperts(),
                parameters.topk(),
                parameters.elementType(),
                1);
    }

    private static int step(int batch) {
        return Math.max(1, batch / 4);
    }

    /** Returns the builder of the model with these options. */
    public TensorParallelMoe.Builder model(ShapeOptions options) {
        return ofCheckpoint ? options.checkpointLayer(weights()) : options.model(weights());
    }

    public MoeWeights weights() {
        return example.weights();
    }

    public Example example() {
        return example;
    }

    /** Returns the batch of that number. The batches repeat. */
    public Matrix batch(int number) {
        return batches.get(number % BATCHES);
    }

    /** Returns how many rows of the answer to {@link #batch} of that number are wrong. All are, if the shape is wrong. */
    public int wrongRows(int number, Matrix answer) {
        Matrix expected = answers.get(number % BATCHES);
        if (answer.rows() != expected.rows() || answer.columns() != expected.columns()) {
            return expected.rows();
        }
        int wrong = 0;
        for (int row = 0; row < expected.rows(); row++) {
            wrong += agree(answer.rowRange(row, row + 1), expected.rowRange(row, row + 1)) ? 0 : 1;
        }
        return wrong;
    }

    /** Compares by the scale of the whole answer, not by the row's own. NaN does not agree. */
    private boolean agree(Matrix given, Matrix right) {
        return Agreement.largestDifference(given, right) <= largestDifference;
    }
}
