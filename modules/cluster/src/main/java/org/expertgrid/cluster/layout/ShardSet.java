package org.expertgrid.cluster.layout;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

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

    public ShardKey key(int expert, MatrixRole matrix, int rank, int tile) {
        return new ShardKey(deployment, expert, matrix, rank, tile, placement.get(rank));
    }

    public List<Rank> ranks() {
        return IntStream.range(0, placement.size())
                .mapToObj(rank -> new Rank(rank, placement.get(rank)))
                .toList();
    }
}
