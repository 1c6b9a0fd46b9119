package org.expertgrid.cluster.layout;

import java.util.List;
import java.util.UUID;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.ElementType;

/**
 * What a deployed model is, wherever its shards are: this never changes.
 *
 * @param id drawn anew by each deployment
 * @param kind what was deployed
 * @param shape its sizes; a single linear layer has one expert and the same hidden and output width
 * @param elementType what its matrices hold
 * @param topK how many experts a row goes to
 * @param exchange how the experts are cut
 * @param ranks how many parts every weight is divided into
 * @param router the router's weights, null where there is none
 */
public record ModelDefinition(
        UUID id,
        Kind kind,
        MoeShape shape,
        ElementType elementType,
        int topK,
        Exchange exchange,
        int ranks,
        LinearWeights router) {

    /** What can be deployed under a name. */
    public enum Kind {
        MOE("Mixture-of-Experts layer", "TensorParallelMoe"),
        EXPERT("expert", "ShardedExpert"),
        LINEAR("linear layer", "ShardedLinear");

        public final String description;
        public final String className;

        Kind(String description, String className) {
            this.description = description;
            this.className = className;
        }

        public List<MatrixRole> matrices() {
            return this == LINEAR ? List.of(MatrixRole.FC1) : List.of(MatrixRole.FC1, MatrixRole.FC2);
        }
    }

    /** Returns the definition of a model that is about to be deployed. */
    public static ModelDefinition of(
            Kind kind,
            MoeShape shape,
            ElementType elementType,
            int topK,
            Exchange exchange,
            int ranks,
            LinearWeights router) {
        return new ModelDefinition(UUID.randomUUID(), kind, shape, elementType, topK, exchange, ranks, router);
    }

    /**
     * Throws what keeps this from being deployed under a name, before anything is changed.
     *
     * @throws IllegalArgumentException if there is something; names every problem
     */
    public void checkDeployable(String name) {
        Problems problems = new Problems()
                .expect(!name.isBlank(), "name", "'" + name + "'", "not blank")
                .expect(topK >= 1, "topK", topK, "at least 1");
        new RankLimits(exchange, shape, elementType)
                .expect(problems, "ranks", ranks)
                .throwIfAny();
    }

    public int inputs(MatrixRole matrix) {
        return matrix == MatrixRole.FC1 ? shape.inputDim() : shape.hiddenDim();
    }

    public int outputs(MatrixRole matrix) {
        return matrix == MatrixRole.FC1 ? shape.hiddenDim() : shape.outputDim();
    }

    public Cut cut(MatrixRole matrix) {
        return Cut.of(exchange, matrix);
    }

    /** Returns the size of a rank's slice of one of an expert's weights. */
    public SliceShape slice(MatrixRole matrix, int rank) {
        return cut(matrix).shape(inputs(matrix), outputs(matrix), rank, ranks);
    }

    /** Returns how many tiles a rank's slice of one of an expert's weights has. */
    public int tiles(MatrixRole matrix, int rank) {
        SliceShape slice = slice(matrix, rank);
        return TileSizes.count(elementType, slice.inputs(), slice.outputs());
    }

    /** Returns the width of what neighbouring ranks' slices of a weight compute together. */
    public int width(MatrixRole matrix, List<Rank> run) {
        int outputs = slice(matrix, run.get(0).number()).outputs();
        return cut(matrix) == Cut.ROWS
                ? outputs
                : run.stream()
                        .mapToInt(rank -> slice(matrix, rank.number()).outputs())
                        .sum();
    }
}
