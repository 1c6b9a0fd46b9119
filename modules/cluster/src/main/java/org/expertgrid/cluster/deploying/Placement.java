package org.expertgrid.cluster.deploying;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.Partition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.errors.NoDataMembersException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.ShardSet;

/**
 * Chooses the partition key of each rank, so that ranks spread over the data members as they are now: each member has ranks in proportion
 * to the room for weights in its heap, neighbouring ranks on one member. {@link RankRuns} says which.
 *
 * <p>Hazelcast gives consecutive partitions to one member, so keys that are merely different do not spread. A member's ranks take
 * partitions that lie apart from each other in its part of the table, so that they scatter when it leaves.
 *
 * <p>For one thread. It asks members for their heaps once.
 */
public final class Placement {
    private static final long TABLE_WAIT_MILLIS = 10_000;
    private static final long TABLE_POLL_MILLIS = 20;
    /** Of the average, what a heap counts at least that has hardly any room. */
    private static final double LEAST_OF_USUAL = 0.01;

    private final HazelcastInstance hazelcast;
    private final MemberCalls members;
    /** The room for weights in the heap of each member that was asked. */
    private final Map<UUID, Long> capacities = new HashMap<>();

    /** Takes a member or client of the cluster. */
    public Placement(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.members = new MemberCalls(hazelcast);
    }

    /**
     * Returns a new set whose ranks are spread over the data members as they are now.
     *
     * @throws NoDataMembersException if there is no member to hold them
     */
    public ShardSet place(int ranks) {
        return new ShardSet(
                UUID.randomUUID(), keys(ranks), DataMembers.of(hazelcast).size());
    }

    /**
     * Returns the partition key of each rank.
     *
     * @throws NoDataMembersException if there is no member to hold them
     */
    List<Integer> keys(int ranks) {
        Map<Member, List<Integer>> partitions = partitionsByMember();
        Map<Member, Integer> counts = counts(partitions.keySet(), ranks);
        List<Integer> chosen = new ArrayList<>();
        partitions.forEach((member, own) -> {
            int count = counts.get(member);
            for (int i = 0; i < count; i++) {
                chosen.add(own.get((int) ((long) i * own.size() / count)));
            }
        });
        Map<Integer, Integer> keys = keysOf(Set.copyOf(chosen));
        return chosen.stream().map(keys::get).toList();
    }

    /** Returns how many ranks each member has. */
    private Map<Member, Integer> counts(Collection<Member> owners, int ranks) {
        Map<UUID, Double> shares = shares(owners, ranks);
        List<Double> inOrder =
                owners.stream().map(member -> shares.get(member.getUuid())).toList();
        Iterator<Integer> lengths = RankRuns.lengths(inOrder, ranks).iterator();
        Map<Member, Integer> counts = new LinkedHashMap<>();
        owners.forEach(member -> counts.put(member, lengths.next()));
        return counts;
    }

    /** Returns how many ranks each member should have, in fractions of ranks. */
    private Map<UUID, Double> shares(Collection<Member> owners, int ranks) {
        if (owners.stream().anyMatch(member -> !capacities.containsKey(member.getUuid()))) {
            members.describe().forEach((member, report) -> capacities.put(member.getUuid(), report.heapCapacity()));
        }
        // A member that did not answer is taken to be as large as the others.
        double usual = owners.stream()
                .filter(member -> capacities.containsKey(member.getUuid()))
                .mapToLong(member -> capacities.get(member.getUuid()))
                .average()
                .orElse(0);
        double least = Math.max(1, usual * LEAST_OF_USUAL);
        Map<UUID, Double> shares = new HashMap<>();
        double all = 0;
        for (Member member : owners) {
            Long known = capacities.get(member.getUuid());
            double weight = Math.max(least, known == null ? usual : known);
            shares.put(member.getUuid(), weight);
            all += weight;
        }
        double perWeight = ranks / all;
        shares.replaceAll((member, weight) -> weight * perWeight);
        return shares;
    }

    /** Returns when every data member owns partitions, or a while later: one that has just joined is given its part first. */
    void awaitTable() {
        partitionsByMember();
    }

    /** Returns how many of a set's ranks each member owns. */
    Map<Member, Integer> owned(ShardSet set) {
        Map<Member, Integer> ranks = new HashMap<>();
        for (int key : set.placement()) {
            Member owner = hazelcast.getPartitionService().getPartition(key).getOwner();
            if (owner != null) {
                ranks.merge(owner, 1, Integer::sum);
            }
        }
        return ranks;
    }

    /** Returns whether each of the members that own partitions has its share of a set's ranks, as far as {@link RankRuns} divides them so. */
    public boolean isEven(ShardSet set) {
        Set<Member> owners = new HashSet<>();
        for (Partition partition : hazelcast.getPartitionService().getPartitions()) {
            if (partition.getOwner() != null) {
                owners.add(partition.getOwner());
            }
        }
        Map<UUID, Double> shares = shares(owners, set.placement().size());
        Map<Member, Integer> owned = owned(set);
        return owners.stream()
                .allMatch(member -> RankRuns.isEven(owned.getOrDefault(member, 0), shares.get(member.getUuid())));
    }

    /** Returns the partitions of each data member that owns any, members in the order of their ids. */
    private Map<Member, List<Integer>> partitionsByMember() {
        Deadline deadline = Deadline.inMillis(TABLE_WAIT_MILLIS);
        while (true) {
            List<Member> dataMembers = dataMembers();
            Map<Member, List<Integer>> owned = new TreeMap<>(Comparator.comparing(Member::getUuid));
            Set<Partition> partitions = hazelcast.getPartitionService().getPartitions();
            boolean complete = true;
            for (Partition partition : partitions) {
                Member owner = partition.getOwner();
                complete &= owner != null;
                if (owner != null) {
                    owned.computeIfAbsent(owner, member -> new ArrayList<>()).add(partition.getPartitionId());
                }
            }
            boolean settled = complete && owned.size() == Math.min(dataMembers.size(), partitions.size());
            if (settled || (deadline.passed() && !owned.isEmpty())) {
                owned.values().forEach(list -> list.sort(null));
                return owned;
            }
            if (deadline.passed()) {
                throw new NoDataMembersException("partitions: none has an owner (expected: a started cluster)");
            }
            // The table is arranged when it is first needed: asking for a map's size needs it.
            hazelcast.getMap(GridNames.MODELS).size();
            sleep();
        }
    }

    private List<Member> dataMembers() {
        List<Member> dataMembers = DataMembers.of(hazelcast);
        if (dataMembers.isEmpty()) {
            throw new NoDataMembersException(
                    "data members: 0 (expected: at least 1; lite members and clients cannot hold weights)");
        }
        return dataMembers;
    }

    private Map<Integer, Integer> keysOf(Set<Integer> partitions) {
        Map<Integer, Integer> keys = new HashMap<>();
        for (int key = 0; keys.size() < partitions.size(); key++) {
            int partition = hazelcast.getPartitionService().getPartition(key).getPartitionId();
            if (partitions.contains(partition)) {
                keys.putIfAbsent(partition, key);
            }
        }
        return keys;
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(TABLE_POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoDataMembersException("interrupted while waiting for the partitions to have owners");
        }
    }
}
