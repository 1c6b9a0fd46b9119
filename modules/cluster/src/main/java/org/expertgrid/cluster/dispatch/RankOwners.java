package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.expertgrid.cluster.layout.Rank;

/**
 * Chooses the member to ask for each rank: the owner of the rank's partition. A member can answer for a rank from the moment at which it
 * owns the partition, because what the partition holds is what is computed with.
 *
 * <p>Safe for use by many threads.
 */
final class RankOwners {
    private final HazelcastInstance hazelcast;

    RankOwners(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
    }

    /**
     * Returns which member to ask for which of these ranks, in the order of the ranks.
     *
     * @param unowned takes each rank whose partition has no owner at the moment
     */
    Map<Member, List<Rank>> assign(List<Rank> ranks, Consumer<Rank> unowned) {
        Map<Member, List<Rank>> assigned = new LinkedHashMap<>();
        for (Rank rank : ranks) {
            Member owner = hazelcast
                    .getPartitionService()
                    .getPartition(rank.partitionKey())
                    .getOwner();
            if (owner == null) {
                unowned.accept(rank);
            } else {
                assigned.computeIfAbsent(owner, member -> new ArrayList<>()).add(rank);
            }
        }
        return assigned;
    }

    /** Returns whether a member is one of the cluster at the moment. */
    boolean isThere(Member member) {
        return hazelcast.getCluster().getMembers().contains(member);
    }
}
