package org.expertgrid.chaos.load;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.cli.seed.SeedExercise;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.experts.layers.SimpleMoe;
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
    private final List<Matrix> batches = new ArrayList<>();
    private final List<Matrix> answers = new ArrayList<>();
    private final double largestDifference;

    private Reference(Example example, Matrix answer, int batch) {
        this.example = example;
        int step = step(batch);
        for (int i = 0; i < BATCHES; i++) {
            batches.add(example.rows().rowRange(i * step, i * step + batch));
            answers.add(answer.rowRange(i * step, i * step + batch));
        }
        this.largestDifference = Agreement.scale(answer) * Agreement.tolerance(example.elementType());
    }

    /** Draws the model and the rows of these parameters, and computes the answers. */
    public static Reference draw(SeedExercise.Parameters parameters) {
        int batch = parameters.batchSize();
        Example example = Example.draw(new SeedExercise.Parameters(
                batch + (BATCHES - 1) * step(batch),
                parameters.featureDim(),
                parameters.hiddenDim(),
                parameters.outputDim(),
                parameters.numExperts(),
                parameters.topk(),
                parameters.elementType(),
                1));
        SimpleMoe simple = new SimpleMoe(example.weights(), example.topK(), KernelsChoice.best());
        return new Reference(example, simple.forward(example.rows()), batch);
    }

    private static int step(int batch) {
        return Math.max(1, batch / 4);
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
