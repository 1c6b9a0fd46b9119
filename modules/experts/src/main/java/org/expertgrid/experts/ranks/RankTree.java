package org.expertgrid.experts.ranks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;

/**
 * The binary tree over the rank numbers in which partial results of ranks are added.
 *
 * <pre>
 *   6 ranks            [0,6)
 *                     /     \
 *                 [0,4)     [4,6)
 *                /    \      /  \
 *            [0,2)  [2,4)   4    5
 *            /  \   /  \
 *           0    1 2    3
 * </pre>
 *
 * <p>The tree depends on the number of ranks alone. A member adds the results of every whole subtree whose ranks it answers
 * for and sends one result for each such subtree. The caller adds the rest of the tree. Every addition has the same two
 * operands, whatever member makes it, so the bits of the sum depend on the number of ranks alone.
 *
 * @param ranks the number of ranks, at least 1
 */
public record RankTree(int ranks) {
    public RankTree {
        if (ranks < 1) {
            throw new IllegalArgumentException("ranks: " + ranks + " (expected: at least 1)");
        }
    }

    /**
     * A subtree: the ranks {@code from} to {@code to - 1}.
     *
     * @param from its first rank
     * @param to the rank behind its last
     */
    public record Subtree(int from, int to) {
        /** Returns whether it is a single rank. */
        public boolean isLeaf() {
            return to - from == 1;
        }

        /** Returns its left half, which holds the largest power of two of ranks that is smaller than all of them. */
        public Subtree left() {
            return new Subtree(from, middle());
        }

        /** Returns its right half. */
        public Subtree right() {
            return new Subtree(middle(), to);
        }

        private int middle() {
            return from + Integer.highestOneBit(to - from - 1);
        }
    }

    /** Returns the tree as a whole. */
    public Subtree root() {
        return new Subtree(0, ranks);
    }

    /**
     * Returns the largest whole subtrees that consist of these ranks alone, in ascending order.
     *
     * @throws IllegalArgumentException if a rank is not in the tree or is named twice
     */
    public List<Subtree> cover(Collection<Integer> held) {
        Set<Integer> distinct = new TreeSet<>(held);
        if (distinct.size() != held.size() || distinct.stream().anyMatch(rank -> rank < 0 || rank >= ranks)) {
            throw new IllegalArgumentException(
                    "ranks: " + held + " (expected: each once, from 0 to " + (ranks - 1) + ")");
        }
        List<Subtree> cover = new ArrayList<>();
        cover(root(), distinct, cover);
        return cover;
    }

    private static void cover(Subtree subtree, Set<Integer> held, List<Subtree> cover) {
        int count = 0;
        for (int rank = subtree.from(); rank < subtree.to(); rank++) {
            count += held.contains(rank) ? 1 : 0;
        }
        if (count == subtree.to() - subtree.from()) {
            cover.add(subtree);
        } else if (count > 0) {
            cover(subtree.left(), held, cover);
            cover(subtree.right(), held, cover);
        }
    }

    /**
     * Returns the sum over a subtree, each addition with the left half's sum as its first operand.
     *
     * @param subtree what is added
     * @param leaf gives the term of a rank
     * @param plus adds two sums
     */
    public static <T> T sum(Subtree subtree, IntFunction<T> leaf, BinaryOperator<T> plus) {
        return subtree.isLeaf()
                ? leaf.apply(subtree.from())
                : plus.apply(sum(subtree.left(), leaf, plus), sum(subtree.right(), leaf, plus));
    }

    /**
     * Returns the sum over the whole tree, given the sums of subtrees that together hold every rank once.
     *
     * @throws IllegalArgumentException if the subtrees do not hold every rank exactly once, or one is no subtree of this tree
     */
    public <T> T sum(Map<Subtree, T> sums, BinaryOperator<T> plus) {
        Map<Subtree, T> left = new HashMap<>(sums);
        T sum = sum(root(), left, plus);
        if (sum == null || !left.isEmpty()) {
            throw new IllegalArgumentException(
                    "sums of " + sums.keySet() + " (expected: subtrees that hold each of " + ranks + " ranks once)");
        }
        return sum;
    }

    /** Removes what it adds from {@code sums}; returns null where a rank is missing. */
    private static <T> T sum(Subtree subtree, Map<Subtree, T> sums, BinaryOperator<T> plus) {
        T given = sums.remove(subtree);
        if (given != null || subtree.isLeaf()) {
            return given;
        }
        T left = sum(subtree.left(), sums, plus);
        T right = sum(subtree.right(), sums, plus);
        return left == null || right == null ? null : plus.apply(left, right);
    }
}
