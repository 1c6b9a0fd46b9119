package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.wire.WorkerRequest.Prepare;

/**
 * Which member each rank is asked of: the one that answered for it last, for as long as it is there.
 *
 * <p>A member that owns a rank's partition since a moment ago has to read and pack the rank's weights, while the one that it came from
 * still holds them packed, and weights never change. So a rank stays where it is until everybody whose ranks change has packed
 * what he will be asked for; then all ranks go to their owners at once. Only a member that is gone is not waited for.
 *
 * <pre>
 *   owners       A A A B B B      A A D B B D                      A A D B B D
 *   asked        A A A B B B  ->  A A A B B B, A, B, D prepare ->  A A D B B D
 * </pre>
 *
 * <p>Safe for use by many threads.
 */
public final class RankOwners {
    private static final long PREPARE_MILLIS = 60_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Of the pause, while it fails again and again: to read and pack weights in vain costs as much as to have them. */
    private static final int MOST_DOUBLINGS = 5;

    private final HazelcastInstance hazelcast;
    private final long prepareMillis;
    private final AtomicBoolean preparing = new AtomicBoolean();
    private volatile Assignment current = new Assignment(new UUID(0, 0), Map.of());
    private volatile long pauseUntil = System.nanoTime();
    /** Preparations that have failed since the last that did not; written by the one that is under way. */
    private volatile int failures;

    public RankOwners(HazelcastInstance hazelcast) {
        this(hazelcast, PREPARE_MILLIS);
    }

    /** Takes how long a member may take to pack what it will be asked for. */
    public RankOwners(HazelcastInstance hazelcast, long prepareMillis) {
        this.hazelcast = hazelcast;
        this.prepareMillis = prepareMillis;
    }

    /** Who answers for which rank of a set. */
    private record Assignment(UUID deployment, Map<Integer, Member> members) {
        /** Returns who answers for the ranks of that set, which is nobody where this is of another one. */
        Map<Integer, Member> of(UUID set) {
            return deployment.equals(set) ? members : Map.of();
        }
    }

    /**
     * Returns whom to ask for which of these ranks, in the order of the ranks.
     *
     * @param nobody told of the ranks whose partition has no owner at the moment
     */
    public Map<Member, List<Rank>> assign(ShardSet set, List<Rank> ranks, Consumer<Rank> nobody) {
        Map<Integer, Member> held = current.of(set.deployment());
        Map<Member, List<Rank>> assigned = new LinkedHashMap<>();
        boolean apart = false;
        for (Rank rank : ranks) {
            Member owner = owner(rank);
            Member holder = held.get(rank.number());
            if (holder != null && !holder.equals(owner) && isThere(holder)) {
                assigned.computeIfAbsent(holder, member -> new ArrayList<>()).add(rank);
                apart = true;
            } else if (owner != null) {
                assigned.computeIfAbsent(owner, member -> new ArrayList<>()).add(rank);
            } else {
                nobody.accept(rank);
            }
        }
        if (apart) {
            prepareOwners(set);
        }
        return assigned;
    }

    /** Takes note that a member answered for these ranks. */
    public void answered(UUID deployment, List<Rank> ranks, Member member) {
        Map<Integer, Member> held = current.of(deployment);
        boolean known = ranks.stream().allMatch(rank -> member.equals(held.get(rank.number())));
        if (!known) {
            change(deployment, members -> ranks.forEach(rank -> members.put(rank.number(), member)));
        }
    }

    /** Takes note that a member did not answer for these ranks: their owners are asked next. */
    public void refused(UUID deployment, List<Rank> ranks, Member member) {
        change(deployment, members -> ranks.forEach(rank -> members.remove(rank.number(), member)));
    }

    private synchronized void change(UUID deployment, Consumer<Map<Integer, Member>> change) {
        Map<Integer, Member> members = new HashMap<>(current.of(deployment));
        change.accept(members);
        current = new Assignment(deployment, Map.copyOf(members));
    }

    private Member owner(Rank rank) {
        return hazelcast.getPartitionService().getPartition(rank.partitionKey()).getOwner();
    }

    /** Returns whether a member is one of the cluster at the moment. */
    boolean isThere(Member member) {
        return hazelcast.getCluster().getMembers().contains(member);
    }

    /** Has the owners of the ranks pack what they will be asked for, and asks them from then on. Returns at once. */
    private void prepareOwners(ShardSet set) {
        if (System.nanoTime() - pauseUntil < 0 || !preparing.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<?> prepared;
        Map<Integer, Member> owners = new HashMap<>();
        try {
            Map<Member, List<Rank>> byOwner = set.ranks().stream()
                    .filter(rank -> owner(rank) != null)
                    .collect(Collectors.groupingBy(this::owner));
            byOwner.forEach((owner, owned) -> owned.forEach(rank -> owners.put(rank.number(), owner)));
            Map<Integer, Member> held = current.of(set.deployment());
            prepared = CompletableFuture.allOf(byOwner.entrySet().stream()
                    .filter(entry -> !numbers(entry.getValue()).equals(ranksOf(entry.getKey(), held)))
                    .map(entry -> new MemberCalls(hazelcast)
                            .prepare(
                                    entry.getKey(),
                                    new Prepare(set.deployment(), entry.getValue()),
                                    Deadline.inMillis(prepareMillis)))
                    .toArray(CompletableFuture<?>[]::new));
            // Whoever has said nothing long after his time has forgotten it.
            prepared.orTimeout(2 * prepareMillis, TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            prepared = CompletableFuture.failedFuture(e);
        }
        prepared.whenComplete((done, thrown) -> {
            // Nobody may be asking for this set any more.
            if (thrown == null && current.deployment().equals(set.deployment())) {
                change(set.deployment(), members -> members.putAll(owners));
            }
            failures = thrown == null ? 0 : Math.min(failures + 1, MOST_DOUBLINGS);
            // Owners may have changed again, or cannot be asked: there is time.
            pauseUntil = System.nanoTime() + (thrown == null ? 0 : PAUSE_NANOS << failures - 1);
            preparing.set(false);
        });
    }

    private static List<Integer> ranksOf(Member member, Map<Integer, Member> members) {
        return members.entrySet().stream()
                .filter(entry -> entry.getValue().equals(member))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static List<Integer> numbers(List<Rank> ranks) {
        return ranks.stream().map(Rank::number).toList();
    }
}
