package org.expertgrid.cluster.status;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.expertgrid.cluster.grid.Members;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest.Examine;

/**
 * How a model is at a moment: whether it answers, whether it would outlive the loss of a member, and what is on its way.
 *
 * @param name its name
 * @param ranks every rank, and who answers for it
 * @param backupsComplete whether every weight has as many backups on other members as are configured
 * @param partitionsMoving how many partitions of the cluster are still being moved between members
 * @param rebalancing whether the ranks are being spread anew
 */
public record ModelHealth(
        String name, List<RankHealth> ranks, boolean backupsComplete, long partitionsMoving, boolean rebalancing) {

    /**
     * One rank.
     *
     * @param rank its number
     * @param member the address of the member that owns its partition, or {@code nobody}
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

    /** Returns the numbers of the ranks that nobody answers for at the moment. */
    public List<Integer> unserved() {
        return ranks.stream()
                .filter(rank -> !rank.served())
                .map(RankHealth::rank)
                .toList();
    }

    public static ModelHealth of(HazelcastInstance hazelcast, String name, ModelRecord record) {
        Map<Member, WorkerReply> replies =
                Members.askThoseWhoAnswer(hazelcast, new Examine(record.shards().deployment()));
        List<RankHealth> ranks = new ArrayList<>();
        for (int rank = 0; rank < record.definition().ranks(); rank++) {
            Member owner = hazelcast
                    .getPartitionService()
                    .getPartition(record.shards().placement().get(rank))
                    .getOwner();
            WorkerReply reply = owner == null ? null : replies.get(owner);
            boolean served = reply != null && servedBy(reply).contains((long) rank);
            ranks.add(new RankHealth(rank, owner == null ? "nobody" : Members.address(owner), served));
        }
        int members = Members.ofData(hazelcast).size();
        boolean complete = replies.size() == members
                && replies.values().stream().allMatch(reply -> isSafe(reply) && backups(reply) < members);
        return new ModelHealth(name, ranks, complete, largest(replies, ModelHealth::moving), record.next() != null);
    }

    /** The numbers of a member's answer; what follows are the ranks that it serves. */
    public static List<Long> numbers(boolean safe, long moving, long backups, List<Long> ranks) {
        List<Long> numbers = new ArrayList<>(List.of(safe ? 1L : 0L, moving, backups));
        numbers.addAll(ranks);
        return numbers;
    }

    private static boolean isSafe(WorkerReply reply) {
        return reply.numbers().get(0) == 1;
    }

    private static long moving(WorkerReply reply) {
        return reply.numbers().get(1);
    }

    private static long backups(WorkerReply reply) {
        return reply.numbers().get(2);
    }

    private static Set<Long> servedBy(WorkerReply reply) {
        return reply.numbers().stream().skip(3).collect(Collectors.toSet());
    }

    private static long largest(Map<Member, WorkerReply> replies, ToLongFunction<WorkerReply> number) {
        return replies.values().stream().mapToLong(number).max().orElse(0);
    }
}
