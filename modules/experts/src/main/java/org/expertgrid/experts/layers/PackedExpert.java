package org.expertgrid.experts.layers;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.ranks.RankSlice;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.PackedWeights;

/**
 * One expert, or a part of its hidden width, with its weights packed.
 *
 * @param shape what the expert computes; of a part, with the part's hidden width
 * @param matrices the weights of {@link ExpertShape#matrices}, in the same order
 */
public record PackedExpert(ExpertShape shape, List<PackedWeights> matrices) {
    public PackedExpert {
        matrices = List.copyOf(matrices);
        List<ExpertMatrix> expected = shape.matrices();
        new Problems()
                .expect(matrices.size() == expected.size(), "matrices", matrices.size(), "" + expected.size())
                .throwIfAny();
        Problems problems = new Problems();
        for (int m = 0; m < expected.size(); m++) {
            PackedWeights given = matrices.get(m);
            ExpertMatrix matrix = expected.get(m);
            problems.expect(
                    given.inputs() == matrix.inputs() && given.outputs() == matrix.outputs(),
                    matrix.role().label(),
                    given.inputs() + " x " + given.outputs(),
                    matrix.inputs() + " x " + matrix.outputs());
        }
        problems.throwIfAny();
    }

    /** Packs the weights of an expert. */
    public static PackedExpert of(ExpertWeights weights) {
        return new PackedExpert(
                weights.shape(),
                weights.matrices().stream().map(LinearWeights::packed).toList());
    }

    /** Packs a rank's part of the hidden width of an expert. */
    public static PackedExpert of(ExpertWeights weights, RankSlice slice) {
        List<PackedWeights> packed = new ArrayList<>();
        for (MatrixRole role : weights.shape().roles()) {
            packed.add(slice.of(weights.matrix(role), role.cut()).packed());
        }
        return new PackedExpert(slice.of(weights.shape()), packed);
    }

    /** Takes the packed weights of a plain expert with ReLU, as the seed has them, or of a part of its hidden width. */
    public static PackedExpert seed(PackedWeights fc1, PackedWeights fc2) {
        ExpertShape shape =
                ExpertShape.plain(fc1.inputs(), fc1.outputs(), fc2.outputs(), Activation.RELU, fc1.hasBias());
        return new PackedExpert(shape, List.of(fc1, fc2));
    }

    /** Returns the matrix from the input to the hidden width; of a gated expert, the one that goes through the activation. */
    PackedWeights first() {
        return matrices.get(0);
    }

    /** Returns the matrix from the hidden to the output width. */
    PackedWeights last() {
        return matrices.get(matrices.size() - 1);
    }

    /** Returns how many multiplications a row costs. */
    long productsOfRow() {
        return matrices.stream()
                .mapToLong(matrix -> (long) matrix.inputs() * matrix.outputs())
                .sum();
    }
}
