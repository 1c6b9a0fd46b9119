package org.expertgrid.checkpoints.families;

import java.util.List;
import java.util.Optional;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.kernels.WeightMatrix;

/**
 * Where the numbers of one of an expert's matrices are in a checkpoint.
 *
 * @param key the name of the tensor behind the layer's prefix; with {@code %d} for the number of the expert where each expert has a tensor
 * @param order whether outputs or inputs are the slower dimension
 * @param stacking how the experts share the tensor
 * @param part which of the tensor's outputs are this matrix's
 * @param biasKey the name of the bias's tensor, which is stacked as the weight is and has the same outputs; nothing where there is none
 */
public record StoredMatrix(
        String key, WeightMatrix.Order order, Stacking stacking, Part part, Optional<String> biasKey) {

    /** How the experts of a layer share a tensor. */
    public enum Stacking {
        /** Each expert has its own. */
        ONE_EACH,
        /** The first dimension is the expert. */
        BY_EXPERT,
        /** The first dimension runs through the rows of the first expert, then those of the second, and so on. */
        FLATTENED
    }

    /** Which of a tensor's outputs belong to a matrix. */
    public enum Part {
        ALL,
        FIRST_HALF,
        SECOND_HALF,
        /** The outputs 0, 2, 4, ... */
        EVEN,
        /** The outputs 1, 3, 5, ... */
        ODD;

        /** Returns this part of the outputs of a weight. */
        public WeightMatrix of(WeightMatrix weight) {
            int half = weight.columns() / 2;
            return switch (this) {
                case ALL -> weight;
                case FIRST_HALF -> weight.columnRange(0, half);
                case SECOND_HALF -> weight.columnRange(half, weight.columns());
                case EVEN -> weight.everyColumn(0, 2);
                case ODD -> weight.everyColumn(1, 2);
            };
        }
    }

    /** Returns the place of a matrix that is a tensor of its own, {@code [outputs, inputs]}, for each expert. */
    static StoredMatrix each(String key) {
        return new StoredMatrix(key, WeightMatrix.Order.OUTPUT_MAJOR, Stacking.ONE_EACH, Part.ALL, Optional.empty());
    }

    /** Returns the place of a matrix in a tensor of all experts. */
    static StoredMatrix stacked(String key, WeightMatrix.Order order, Part part) {
        return new StoredMatrix(key, order, Stacking.BY_EXPERT, part, Optional.empty());
    }

    /** Returns this place with a bias. */
    StoredMatrix withBias(String other) {
        return new StoredMatrix(key, order, stacking, part, Optional.of(other));
    }

    /** Returns how many outputs of an expert the tensor has for this matrix's. */
    public int storedOutputs(ExpertMatrix matrix) {
        return part == Part.ALL ? matrix.outputs() : Math.multiplyExact(2, matrix.outputs());
    }

    /** Returns the shape that the tensor must have. */
    public List<Long> shape(ExpertMatrix matrix, int experts) {
        boolean outputsFirst = order == WeightMatrix.Order.OUTPUT_MAJOR;
        long slow = outputsFirst ? storedOutputs(matrix) : matrix.inputs();
        long fast = outputsFirst ? matrix.inputs() : storedOutputs(matrix);
        return switch (stacking) {
            case ONE_EACH -> List.of(slow, fast);
            case BY_EXPERT -> List.of((long) experts, slow, fast);
            case FLATTENED -> List.of(experts * slow, fast);
        };
    }

    /** Returns the shape that the tensor of the bias must have. */
    public List<Long> biasShape(ExpertMatrix matrix, int experts) {
        long outputs = storedOutputs(matrix);
        return stacking == Stacking.ONE_EACH ? List.of(outputs) : List.of((long) experts, outputs);
    }
}
