package org.expertgrid.cluster.layout;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.WeightFormat;

/**
 * The description of one layer of a deployed model, without its numbers.
 *
 * @param index the layer's number in its model
 * @param shape its sizes and what its experts compute; a single linear layer is one expert of which only the first matrix is there
 * @param rule how its router chooses
 * @param elementType what it is computed in
 * @param formats what is stored: for the experts that rows choose from, then for each shared expert, the format of each matrix in the
 *     order of the expert's matrices
 */
public record LayerDefinition(
        int index, MoeShape shape, RouterRule rule, ElementType elementType, List<List<WeightFormat>> formats) {
    public LayerDefinition {
        formats = formats.stream().map(List::copyOf).toList();
    }

    /** Returns the definition of a layer of those weights. */
    public static LayerDefinition of(int index, MoeWeights weights) {
        MoeShape shape = weights.shape();
        List<List<WeightFormat>> formats = new ArrayList<>();
        formats.add(formats(weights, 0));
        for (int expert = shape.experts(); expert < shape.allExperts(); expert++) {
            formats.add(formats(weights, expert));
        }
        return new LayerDefinition(index, shape, weights.rule(), weights.elementType(), formats);
    }

    /** Returns the definition of a layer that is one expert, or one of which only the first matrices are there. */
    public static LayerDefinition of(ExpertShape shape, List<LinearWeights> matrices) {
        List<WeightFormat> formats =
                matrices.stream().map(matrix -> matrix.weight().format()).toList();
        return new LayerDefinition(
                0,
                new MoeShape(shape, 1, List.of()),
                RouterRule.seed(1),
                formats.get(0).computedIn(),
                List.of(formats));
    }

    private static List<WeightFormat> formats(MoeWeights weights, int expert) {
        return weights.shape().expert(expert).roles().stream()
                .map(role -> weights.format(expert, role))
                .toList();
    }

    /** Returns the same layer, with another number of experts for each row. */
    public LayerDefinition withTopK(int topK) {
        return new LayerDefinition(index, shape, rule.withTopK(topK), elementType, formats);
    }

    /** Returns the matrices of an expert that are stored. */
    public List<ExpertMatrix> matrices(int expert) {
        return shape.expert(expert).matrices().subList(0, formatsOf(expert).size());
    }

    /** Returns the roles of the matrices of an expert that are stored. */
    public List<MatrixRole> roles(int expert) {
        return shape.expert(expert).roles().subList(0, formatsOf(expert).size());
    }

    /**
     * Returns one of an expert's matrices.
     *
     * @throws IllegalArgumentException if that expert has no such matrix
     */
    public ExpertMatrix matrix(int expert, MatrixRole role) {
        return shape.expert(expert).matrix(roles(expert).get(place(expert, role)));
    }

    /**
     * Returns what one of an expert's matrices is stored as.
     *
     * @throws IllegalArgumentException if that expert has no such matrix
     */
    public WeightFormat format(int expert, MatrixRole role) {
        return formatsOf(expert).get(place(expert, role));
    }

    private int place(int expert, MatrixRole role) {
        int place = roles(expert).indexOf(role);
        if (place < 0) {
            throw new IllegalArgumentException("layer " + index + ", expert " + expert + ": " + role
                    + " (expected: one of " + roles(expert) + ")");
        }
        return place;
    }

    private List<WeightFormat> formatsOf(int expert) {
        return formats.get(Math.max(0, expert - shape.experts() + 1));
    }
}
