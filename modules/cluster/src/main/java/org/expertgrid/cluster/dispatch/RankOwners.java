package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.expertgrid.cluster.layout.Rank;

/**
 * Chooses the member to ask for each rank: the owner of the rank's partition, and while that one is silent or gone, a holder of the
 * backup. Both hold the same tiles, because what the partition holds is what is computed with.
 *
 * <p>Safe for use by many threads.
 */
final class RankOwners {
    private final HazelcastInstance hazelcast;
    private final MemberWatch watch;
    private final BackupHolders holders;

    RankOwners(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.watch = MemberWatch.of(hazelcast);
        this.holders = BackupHolders.of(hazelcast);
    }

    /**
     * Returns which member to ask for which of these ranks, in the order of the ranks.
     *
     * @param unowned takes each rank whose partition has no owner at the moment
     */
    Map<Member, List<Rank>> assign(List<Rank> ranks, Consumer<Rank> unowned) {
        Map<Member, List<Rank>> assigned = new LinkedHashMap<>();
        ranks.forEach(rank -> assign(assigned, rank, owner(rank), unowned));
        return assigned;
    }

    /**
     * Returns what {@link #assign} does, but for ranks of a silent owner, of none, of one that has refused them, or of one that has not warmed up:
     * holders of their backups are to be asked.
     *
     * @param refusedBy the member that did not have a rank when it was asked last, by the number of the rank
     */
    Map<Member, List<Rank>> assignToThoseThatAnswer(
            UUID deployment, List<Rank> ranks, Map<Integer, Member> refusedBy, Consumer<Rank> unowned) {
        holders.refresh(deployment);
        Map<Member, List<Rank>> assigned = new LinkedHashMap<>();
        for (Rank rank : ranks) {
            Member owner = owner(rank);
            boolean answers = owner != null
                    && isThere(owner)
                    && !watch.isSilent(owner)
                    && !owner.equals(refusedBy.get(rank.number()))
                    && !holders.isAhead(deployment, rank, owner);
            Member holder = answers ? owner : holder(deployment, rank, owner);
            assign(assigned, rank, holder == null ? owner : holder, unowned);
        }
        return assigned;
    }

    private static void assign(
            Map<Member, List<Rank>> assigned, Rank rank, Member member, Consumer<Rank> withoutMember) {
        if (member == null) {
            withoutMember.accept(rank);
        } else {
            assigned.computeIfAbsent(member, first -> new ArrayList<>()).add(rank);
        }
    }

    /** Returns which members could answer for these ranks in place of one; none where a rank has no such member. */
    Map<Member, List<Rank>> standIns(UUID deployment, List<Rank> ranks, Member late) {
        Map<Member, List<Rank>> standIns = new LinkedHashMap<>();
        for (Rank rank : ranks) {
            Member holder = holder(deployment, rank, late);
            if (holder == null) {
                holders.doubt(deployment);
                return Map.of();
            }
            standIns.computeIfAbsent(holder, first -> new ArrayList<>()).add(rank);
        }
        return standIns;
    }

    /** Takes note that a member does not hold ranks that it was asked for. */
    void lacks(UUID deployment, List<Rank> ranks, Member member) {
        holders.lacks(deployment, ranks, member);
    }

    private Member owner(Rank rank) {
        return hazelcast.getPartitionService().getPartition(rank.partitionKey()).getOwner();
    }

    /** Returns a member other than that one that holds a rank and answers, or null. */
    private Member holder(UUID deployment, Rank rank, Member other) {
        return holders.of(deployment, rank).stream()
                .filter(member -> !member.equals(other) && isThere(member) && !watch.isSilent(member))
                .findFirst()
                .orElse(null);
    }

    /** Returns whether a member is one of the cluster at the moment. */
    boolean isThere(Member member) {
        return hazelcast.getCluster().getMembers().contains(member);
    }
}
