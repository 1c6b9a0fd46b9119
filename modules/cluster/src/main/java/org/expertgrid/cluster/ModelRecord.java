package org.expertgrid.cluster;

import java.util.List;
import java.util.UUID;
import org.expertgrid.cluster.WorkerRequest.LayerId;
import org.expertgrid.cluster.WorkerRequest.Rank;
import org.expertgrid.experts.LinearWeights;
import org.expertgrid.experts.MoeShape;
import org.expertgrid.kernels.ElementType;

/**
 * What the cluster knows of a deployed model, under its name in the map of models: everything that a caller needs to send rows
 * to it.
 *
 * @param deployment drawn anew by each deployment, part of every shard's key
 * @param state whether all shards are there
 * @param kind what was deployed
 * @param shape its sizes; a single linear layer has one expert and the same hidden and output width
 * @param elementType what its matrices hold
 * @param topK how many experts a row goes to
 * @param exchange how the experts are cut
 * @param placement the partition key of each rank
 * @param router the router's weights, null where there is none
 */
record ModelRecord(
        UUID deployment,
        State state,
        Kind kind,
        MoeShape shape,
        ElementType elementType,
        int topK,
        Exchange exchange,
        List<Integer> placement,
        LinearWeights router) {

    /** Whether a model can be used. */
    enum State {
        /** Its shards are being written; nobody can connect. */
        DEPLOYING,
        /** All shards have been written and packed: the record is written last. */
        READY
    }

    /** What can be deployed under a name. */
    enum Kind {
        MOE("Mixture-of-Experts layer", "TensorParallelMoe"),
        EXPERT("expert", "ShardedExpert"),
        LINEAR("linear layer", "ShardedLinear");

        final String description;
        final String className;

        Kind(String description, String className) {
            this.description = description;
            this.className = className;
        }

        List<MatrixRole> matrices() {
            return this == LINEAR ? List.of(MatrixRole.FC1) : List.of(MatrixRole.FC1, MatrixRole.FC2);
        }
    }

    ModelRecord {
        placement = List.copyOf(placement);
    }

    /** Returns the record of a new deployment that has no place yet. */
    static ModelRecord claim(
            Kind kind, MoeShape shape, ElementType elementType, int topK, Exchange exchange, LinearWeights router) {
        return new ModelRecord(
                UUID.randomUUID(), State.DEPLOYING, kind, shape, elementType, topK, exchange, List.of(), router);
    }

    ModelRecord placedAt(List<Integer> placement) {
        return new ModelRecord(deployment, state, kind, shape, elementType, topK, exchange, placement, router);
    }

    ModelRecord ready() {
        return new ModelRecord(deployment, State.READY, kind, shape, elementType, topK, exchange, placement, router);
    }

    int ranks() {
        return placement.size();
    }

    int inputs(MatrixRole matrix) {
        return matrix == MatrixRole.FC1 ? shape.inputDim() : shape.hiddenDim();
    }

    int outputs(MatrixRole matrix) {
        return matrix == MatrixRole.FC1 ? shape.hiddenDim() : shape.outputDim();
    }

    /** Returns the size of a rank's slice of one of an expert's weights. */
    SliceShape slice(MatrixRole matrix, int rank) {
        return exchange.cut(matrix).shape(inputs(matrix), outputs(matrix), rank, ranks());
    }

    /** Returns the width of what neighbouring ranks' slices of a weight compute together. */
    int width(MatrixRole matrix, List<Rank> run) {
        int outputs = slice(matrix, run.get(0).number()).outputs();
        return exchange.cut(matrix) == Cut.ROWS
                ? outputs
                : run.stream()
                        .mapToInt(rank -> slice(matrix, rank.number()).outputs())
                        .sum();
    }

    LayerId layer(int expert, MatrixRole matrix) {
        return new LayerId(deployment, expert, matrix, exchange.cut(matrix));
    }

    ShardKey key(int expert, MatrixRole matrix, int rank, int tile) {
        return new ShardKey(deployment, expert, matrix, rank, tile, placement.get(rank));
    }
}
