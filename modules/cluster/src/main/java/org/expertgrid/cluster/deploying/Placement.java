package org.expertgrid.cluster.deploying;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.Partition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.errors.NoDataMembersException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.experts.ranks.Slices;

/**
 * Chooses the partition key of each rank, so that ranks spread evenly over the data members as they are now: 10 ranks on 3
 * members are 4, 3 and 3, neighbouring ranks on one member.
 *
 * <p>Hazelcast gives consecutive partitions to one member, so keys that are merely different do not spread. A member's ranks take
 * partitions that lie apart from each other in its part of the table, so that they scatter when it leaves.
 */
public final class Placement {
    private static final long TABLE_WAIT_MILLIS = 10_000;
    private static final long TABLE_POLL_MILLIS = 20;

    private Placement() {}

    /**
     * Returns a new set whose ranks are spread over the data members as they are now.
     *
     * @throws NoDataMembersException if there is no member to hold them
     */
    public static ShardSet place(HazelcastInstance hazelcast, int ranks) {
        return new ShardSet(
                UUID.randomUUID(),
                of(hazelcast, ranks),
                DataMembers.of(hazelcast).size());
    }

    /**
     * Returns the partition key of each rank.
     *
     * @throws NoDataMembersException if there is no member to hold them
     */
    public static List<Integer> of(HazelcastInstance hazelcast, int ranks) {
        List<List<Integer>> partitions = partitionsByMember(hazelcast);
        List<Integer> chosen = new ArrayList<>();
        Slices slices = new Slices(ranks, partitions.size());
        for (int member = 0; member < partitions.size(); member++) {
            List<Integer> own = partitions.get(member);
            int count = slices.size(member);
            for (int i = 0; i < count; i++) {
                chosen.add(own.get((int) ((long) i * own.size() / count)));
            }
        }
        Map<Integer, Integer> keys = keysOf(hazelcast, Set.copyOf(chosen));
        return chosen.stream().map(keys::get).toList();
    }

    /** Returns when every data member owns partitions, or a while later: one that has just joined is given its part first. */
    static void awaitTable(HazelcastInstance hazelcast) {
        partitionsByMember(hazelcast);
    }

    /** Returns whether none of the members that own partitions owns two of a set's ranks more than another. */
    public static boolean isEven(HazelcastInstance hazelcast, ShardSet set) {
        Map<UUID, Integer> ranks = new HashMap<>();
        for (Partition partition : hazelcast.getPartitionService().getPartitions()) {
            if (partition.getOwner() != null) {
                ranks.put(partition.getOwner().getUuid(), 0);
            }
        }
        for (int key : set.placement()) {
            Member owner = hazelcast.getPartitionService().getPartition(key).getOwner();
            if (owner != null) {
                ranks.merge(owner.getUuid(), 1, Integer::sum);
            }
        }
        return ranks.isEmpty() || Collections.max(ranks.values()) - Collections.min(ranks.values()) <= 1;
    }

    /** Returns the partitions of each data member that owns any, members in the order of their ids. */
    private static List<List<Integer>> partitionsByMember(HazelcastInstance hazelcast) {
        Deadline deadline = Deadline.inMillis(TABLE_WAIT_MILLIS);
        while (true) {
            List<Member> members = dataMembers(hazelcast);
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
            boolean settled = complete && owned.size() == Math.min(members.size(), partitions.size());
            if (settled || (deadline.passed() && !owned.isEmpty())) {
                owned.values().forEach(list -> list.sort(null));
                return List.copyOf(owned.values());
            }
            if (deadline.passed()) {
                throw new NoDataMembersException("partitions: none has an owner (expected: a started cluster)");
            }
            // The table is arranged when it is first needed: asking for a map's size needs it.
            hazelcast.getMap(GridNames.MODELS).size();
            sleep();
        }
    }

    private static List<Member> dataMembers(HazelcastInstance hazelcast) {
        List<Member> members = DataMembers.of(hazelcast);
        if (members.isEmpty()) {
            throw new NoDataMembersException(
                    "data members: 0 (expected: at least 1; lite members and clients cannot hold weights)");
        }
        return members;
    }

    private static Map<Integer, Integer> keysOf(HazelcastInstance hazelcast, Set<Integer> partitions) {
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
