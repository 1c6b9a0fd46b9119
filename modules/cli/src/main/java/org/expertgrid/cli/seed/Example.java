package org.expertgrid.cli.seed;

import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/**
 * The seed's layer and rows, drawn once, for programs that use them many times.
 *
 * @param weights the weights, in memory
 * @param topK the number of experts for each row
 * @param rows the rows, as many as the largest batch needs
 */
public record Example(MoeWeights weights, int topK, Matrix rows) {
    private static final int MOST_BLOCKS = 64;

    public static Example draw(SeedExercise.Parameters parameters) {
        NamedRandomStates states = new NamedRandomStates();
        Matrix rows = parameters.rows(states);
        return new Example(parameters.weights(states).inMemory(), parameters.topk(), rows);
    }

    public ElementType elementType() {
        return weights.elementType();
    }

    /** Returns the batches of that many rows into which the rows can be divided. Callers use them in turn. */
    public List<Matrix> blocks(int batch) {
        int count = Math.max(1, Math.min(MOST_BLOCKS, rows.rows() / batch));
        return IntStream.range(0, count)
                .mapToObj(i -> rows.rowRange(i * batch, (i + 1) * batch))
                .toList();
    }

    /** Returns the floating-point operations of the experts' products, for a batch of that many rows. */
    public double operations(int batch) {
        double hidden = weights.shape().hiddenDim();
        return 2.0
                * batch
                * topK
                * hidden
                * (weights.shape().inputDim() + weights.shape().outputDim());
    }
}
