package org.expertgrid.cluster.layout;

import java.util.ArrayList;
import java.util.List;

/**
 * A rank and where its shards live.
 *
 * @param number the rank, from 0
 * @param partitionKey the partition key of all of its shards
 */
public record Rank(int number, int partitionKey) {
    /** Returns the ranks as runs of consecutive numbers, each as long as possible. */
    public static List<List<Rank>> runs(List<Rank> ranks) {
        List<List<Rank>> runs = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= ranks.size(); i++) {
            if (i == ranks.size() || ranks.get(i).number() != ranks.get(i - 1).number() + 1) {
                runs.add(List.copyOf(ranks.subList(start, i)));
                start = i;
            }
        }
        return runs;
    }
}
