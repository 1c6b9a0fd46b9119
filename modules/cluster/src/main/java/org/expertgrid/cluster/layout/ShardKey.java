package org.expertgrid.cluster.layout;

import com.hazelcast.partition.PartitionAware;
import java.util.UUID;
import org.expertgrid.experts.weights.MatrixRole;

/**
 * Names one tile of one rank's slice of one weight. All tiles of a rank live in the rank's partition: the key carries the
 * partition key, so that its member is found from the key alone.
 *
 * @param deployment the deployment it belongs to
 * @param layer the number of the layer in its model
 * @param expert the expert; shared experts are numbered after the others
 * @param matrix which of the expert's matrices
 * @param rank the rank
 * @param tile the number of the tile in the slice, from 0
 * @param partitionKey the rank's partition key
 */
public record ShardKey(UUID deployment, int layer, int expert, MatrixRole matrix, int rank, int tile, int partitionKey)
        implements PartitionAware<Integer> {
    @Override
    public Integer getPartitionKey() {
        return partitionKey;
    }

    /** Returns the shard's name for people. */
    @Override
    public String toString() {
        return "layer " + layer + ", expert " + expert + ", " + matrix + ", rank " + rank + ", tile " + tile
                + " of deployment " + deployment;
    }
}
