package org.expertgrid.cluster.layout;

import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.expertgrid.experts.weights.MatrixRole;

/**
 * One complete set of a model's shards in the grid, and where its ranks live. A model has one that answers; while its ranks are
 * being spread anew there is a second one, with the same weights.
 *
 * @param deployment drawn anew for each set, part of every shard's key
 * @param placement the partition key of each rank
 * @param members how many data members there were when they were last counted together
 */
public record ShardSet(UUID deployment, List<Integer> placement, int members) {
    public ShardSet {
        placement = List.copyOf(placement);
    }

    /** Returns the same set, counted among another number of data members. */
    public ShardSet among(int members) {
        return new ShardSet(deployment, placement, members);
    }

    /** Returns whether so many data members are most of those that there were: no others can be as many. */
    public boolean isTogether(int members) {
        return members * 2 > this.members;
    }

    public ShardKey key(int layer, int expert, MatrixRole matrix, int rank, int tile) {
        return new ShardKey(deployment, layer, expert, matrix, rank, tile, placement.get(rank));
    }

    public List<Rank> ranks() {
        return IntStream.range(0, placement.size())
                .mapToObj(rank -> new Rank(rank, placement.get(rank)))
                .toList();
    }

    /** Gives the key of every tile that a rank has. */
    public void forEachKey(ModelDefinition model, int rank, Consumer<ShardKey> action) {
        for (LayerDefinition layer : model.layers()) {
            for (int expert = 0; expert < layer.shape().allExperts(); expert++) {
                for (MatrixRole matrix : layer.roles(expert)) {
                    int tiles = model.tiles(layer, expert, matrix, rank);
                    for (int tile = 0; tile < tiles; tile++) {
                        action.accept(key(layer.index(), expert, matrix, rank, tile));
                    }
                }
            }
        }
    }
}
