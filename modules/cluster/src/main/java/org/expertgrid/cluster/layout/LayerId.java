package org.expertgrid.cluster.layout;

import java.util.UUID;

/**
 * One matrix of one expert of a deployment.
 *
 * @param deployment the deployment's id
 * @param expert the expert's number, from 0
 * @param matrix which of the expert's matrices
 * @param cut how the matrix is divided over the ranks
 */
public record LayerId(UUID deployment, int expert, MatrixRole matrix, Cut cut) {
    /** Returns the key of one tile of a rank's slice of this matrix. */
    public ShardKey key(Rank rank, int tile) {
        return new ShardKey(deployment, expert, matrix, rank.number(), tile, rank.partitionKey());
    }
}
