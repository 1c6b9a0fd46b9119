package org.expertgrid.cluster.deploying;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.experts.ranks.RankTree;

/**
 * Divides ranks into runs of neighbours, one for each member, so that members send few partial results: one for each whole subtree of the
 * {@link RankTree} that a run consists of.
 *
 * <p>No member has more ranks than its share, rounded up, because the member with the most ranks answers last. A member may have one rank less than
 * its share, rounded down, if that is 2 or more: 10 ranks on 3 equal members are 4, 4 and 2, which are three subtrees. With 4, 3 and 3 there would be
 * five.
 */
final class RankRuns {
    /** The error that sums of fractions may have. */
    private static final double ROUNDING = 1e-9;

    private final List<Double> shares;
    private final RankTree tree;
    /** The best way to divide the ranks from one on among the members from one on, by both numbers; null where it is not known yet. */
    private final Way[][] ways;

    private RankRuns(List<Double> shares, int ranks) {
        this.shares = shares;
        this.tree = new RankTree(ranks);
        this.ways = new Way[shares.size() + 1][ranks + 1];
    }

    /**
     * A way to divide ranks.
     *
     * @param lengths how many ranks each member has; null where the bounds allow no way
     * @param subtrees how many subtrees the runs consist of
     * @param unevenness the sum of the squared differences from the shares
     */
    private record Way(List<Integer> lengths, int subtrees, double unevenness) {
        private static final Way NONE = new Way(null, Integer.MAX_VALUE, 0);

        private boolean isBetterThan(Way other) {
            return lengths != null
                    && (subtrees < other.subtrees || subtrees == other.subtrees && unevenness < other.unevenness);
        }
    }

    /**
     * Returns how many ranks each member has.
     *
     * @param shares how many ranks each should have, in fractions of ranks; their sum is {@code ranks}
     */
    static List<Integer> lengths(List<Double> shares, int ranks) {
        return new RankRuns(shares, ranks).best(0, 0).lengths();
    }

    /** Returns whether a member may have that many ranks, given its share. */
    static boolean isEven(int ranks, double share) {
        return ranks >= least(share) && ranks <= most(share);
    }

    private static int least(double share) {
        int whole = (int) (share + ROUNDING);
        return whole < 2 ? whole : whole - 1;
    }

    private static int most(double share) {
        return (int) Math.ceil(share - ROUNDING);
    }

    private Way best(int member, int from) {
        if (member == shares.size()) {
            return from == tree.ranks() ? new Way(List.of(), 0, 0) : Way.NONE;
        }
        if (ways[member][from] == null) {
            ways[member][from] = search(member, from);
        }
        return ways[member][from];
    }

    private Way search(int member, int from) {
        double share = shares.get(member);
        Way best = Way.NONE;
        for (int length = least(share); length <= Math.min(most(share), tree.ranks() - from); length++) {
            Way others = best(member + 1, from + length);
            if (others.lengths() != null) {
                Way way = with(length, from, share, others);
                best = way.isBetterThan(best) ? way : best;
            }
        }
        return best;
    }

    private Way with(int length, int from, double share, Way others) {
        List<Integer> lengths = new ArrayList<>(List.of(length));
        lengths.addAll(others.lengths());
        List<Integer> run = IntStream.range(from, from + length).boxed().toList();
        return new Way(
                lengths,
                tree.cover(run).size() + others.subtrees(),
                (length - share) * (length - share) + others.unevenness());
    }
}
