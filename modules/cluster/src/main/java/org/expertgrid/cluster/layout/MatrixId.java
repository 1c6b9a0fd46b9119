package org.expertgrid.cluster.layout;

import java.util.UUID;
import org.expertgrid.experts.weights.MatrixRole;

/**
 * One matrix of one expert of a deployment.
 *
 * @param deployment the deployment's id
 * @param layer the number of the layer in its model
 * @param expert the expert's number, from 0
 * @param matrix which of the expert's matrices
 */
public record MatrixId(UUID deployment, int layer, int expert, MatrixRole matrix) {
    /** Returns the key of one tile of a rank's slice of this matrix. */
    public ShardKey key(Rank rank, int tile) {
        return new ShardKey(deployment, layer, expert, matrix, rank.number(), tile, rank.partitionKey());
    }
}
