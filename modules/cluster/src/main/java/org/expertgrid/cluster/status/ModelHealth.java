package org.expertgrid.cluster.status;

import java.util.List;

/**
 * How a model is at a moment: whether it answers, whether it would outlive the loss of a member, and what is on its way.
 *
 * @param name its name
 * @param ranks every rank, and who answers for it
 * @param backupsComplete whether every weight has as many backups on other members as are configured
 * @param backups how many backups of every weight members are configured to keep, the fewest of any member
 * @param partitionsMoving how many partitions of the cluster are still being moved between members
 * @param rebalancing whether the ranks are being spread anew
 */
public record ModelHealth(
        String name,
        List<RankHealth> ranks,
        boolean backupsComplete,
        int backups,
        long partitionsMoving,
        boolean rebalancing) {

    /**
     * One rank.
     *
     * @param rank its number
     * @param member the address of the member that owns its partition, or {@code no member}
     * @param served whether that member answers and has the rank's weights; what a store keeps counts as there
     */
    public record RankHealth(int rank, String member, boolean served) {}

    public ModelHealth {
        ranks = List.copyOf(ranks);
    }

    /** Returns whether every rank is served, every backup there, and nothing on its way. */
    public boolean isWell() {
        return unserved().isEmpty() && backupsComplete && partitionsMoving == 0 && !rebalancing;
    }

    /** Returns the numbers of the ranks that no member answers for at the moment. */
    public List<Integer> unserved() {
        return ranks.stream()
                .filter(rank -> !rank.served())
                .map(RankHealth::rank)
                .toList();
    }
}
