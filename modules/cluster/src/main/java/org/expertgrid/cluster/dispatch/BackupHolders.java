package org.expertgrid.cluster.dispatch;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.expertgrid.cluster.grid.DaemonThreads;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Migrations;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.wire.Report.Held;
import org.expertgrid.cluster.wire.WorkerRequest.AskHeld;

/**
 * Which members have all tiles of a rank in memory, owners and holders of backups. Hazelcast tells callers the owner of a partition alone,
 * so the members are asked: when a deployment is first called, often for some
 * time after members or partitions have changed, and when an answer shows that something else has; now and then otherwise.
 *
 * <p>All handles of a Hazelcast instance share one. Safe for use by many threads.
 */
final class BackupHolders {
    private static final System.Logger LOGGER = System.getLogger(BackupHolders.class.getName());
    private static final String KEY = "expertgrid.backup-holders";
    /** How soon members are asked again while the cluster changes. */
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    /** Holders of backups find their tiles within seconds after a change. */
    private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** How soon members are asked again while nothing changes. */
    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** Members answer a first question within milliseconds, unless they are silent. */
    private static final long OLD_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A deployment that no handle has called for so long is forgotten. */
    private static final long UNUSED_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final HazelcastInstance hazelcast;
    private final MemberCalls calls;
    private final Migrations migrations;
    private final Map<UUID, Holdings> deployments = new ConcurrentHashMap<>();
    private volatile State state = new State(Set.of(), 0, System.nanoTime());

    private BackupHolders(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.calls = new MemberCalls(hazelcast);
        this.migrations = new Migrations();
    }

    /** Returns the one of an instance. */
    static BackupHolders of(HazelcastInstance hazelcast) {
        BackupHolders known = (BackupHolders) hazelcast.getUserContext().get(KEY);
        if (known != null) {
            return known;
        }
        BackupHolders made = new BackupHolders(hazelcast);
        BackupHolders first = (BackupHolders) hazelcast.getUserContext().putIfAbsent(KEY, made);
        if (first != null) {
            return first;
        }
        DaemonThreads.named("dispatch", "listener").newThread(made::listen).start();
        return made;
    }

    /** Waits for members, which may be silent. */
    private void listen() {
        try {
            hazelcast.getPartitionService().addMigrationListener(migrations);
        } catch (RuntimeException e) {
            // Without it, members are asked less often: as soon as the list of members changes, and now and then.
            LOGGER.log(System.Logger.Level.DEBUG, "moves of partitions are not followed", e);
        }
    }

    /**
     * The members and partitions as they were last seen.
     *
     * @param moves the partitions that had moved
     * @param since when they were first seen so, as {@link System#nanoTime} counts
     */
    private record State(Set<Member> members, long moves, long since) {}

    /**
     * The last answer of a member about one deployment.
     *
     * @param warm whether it has warmed up
     * @param ranks the numbers of the ranks that it holds
     */
    private record Known(boolean warm, Set<Integer> ranks) {
        private boolean holds(Rank rank) {
            return ranks.contains(rank.number());
        }

        private Known without(Set<Integer> lacking) {
            return new Known(
                    warm,
                    ranks.stream().filter(rank -> !lacking.contains(rank)).collect(Collectors.toUnmodifiableSet()));
        }
    }

    /** The answers of members about one deployment. Guarded by the monitor of this object. */
    private static final class Holdings {
        private final Map<Member, Known> known = new ConcurrentHashMap<>();
        private final long since;
        private long asked;
        private long used;
        /** Whether a member did not hold what it had said, or no member was known to hold a rank. */
        private boolean doubtful;

        private Holdings(long now) {
            since = now;
            asked = now - AGAIN_NANOS;
            used = now;
        }

        private synchronized boolean isDue(long now, long changed) {
            used = now;
            boolean changing = doubtful || asked - changed < SETTLING_NANOS;
            boolean due = now - asked >= (changing ? AGAIN_NANOS : CALM_NANOS);
            if (due) {
                asked = now;
                doubtful = false;
            }
            return due;
        }

        /** Returns whether members that were there at the beginning have answered by now. */
        private boolean isOld() {
            return System.nanoTime() - since > OLD_NANOS;
        }

        private synchronized void doubt() {
            doubtful = true;
        }

        private synchronized boolean isUnused(long now) {
            return now - used > UNUSED_NANOS;
        }
    }

    /** Asks the members about a deployment, if what is known may be old. Waits for none of them. */
    void refresh(UUID deployment) {
        long now = System.nanoTime();
        Holdings holdings = deployments.computeIfAbsent(deployment, first -> new Holdings(now));
        if (holdings.isDue(now, look(now).since())) {
            holdings.known.keySet().retainAll(state.members());
            DataMembers.of(hazelcast)
                    .forEach(member -> calls.question(member, new AskHeld(deployment))
                            .thenAccept(reply -> {
                                if (reply.report() instanceof Held held) {
                                    holdings.known.put(member, new Known(held.warm(), Set.copyOf(held.ranks())));
                                }
                            }));
            deployments.values().removeIf(one -> one.isUnused(now));
        }
    }

    private State look(long now) {
        State known = state;
        Set<Member> members = hazelcast.getCluster().getMembers();
        long moves = migrations.moves();
        if (moves != known.moves() || !members.equals(known.members())) {
            known = new State(Set.copyOf(members), moves, now);
            state = known;
        }
        return known;
    }

    /** Returns the members that are known to hold a rank; those that have warmed up come first. */
    List<Member> of(UUID deployment, Rank rank) {
        Holdings holdings = deployments.get(deployment);
        return holdings == null
                ? List.of()
                : holdings.known.entrySet().stream()
                        .filter(entry -> entry.getValue().holds(rank))
                        .sorted(Comparator.comparing(entry -> !entry.getValue().warm()))
                        .map(Map.Entry::getKey)
                        .toList();
    }

    /**
     * Returns whether another member answers for a rank sooner than its owner: one that has warmed up, while the owner has not, or is not known to hold
     * the rank yet. The owner is asked again soon then.
     */
    boolean isAhead(UUID deployment, Rank rank, Member owner) {
        Holdings holdings = deployments.get(deployment);
        boolean ahead = holdings != null
                && !isReady(holdings.known.get(owner), rank)
                && (holdings.known.containsKey(owner) || holdings.isOld())
                && holdings.known.values().stream().anyMatch(known -> isReady(known, rank));
        if (ahead) {
            doubt(deployment);
        }
        return ahead;
    }

    private static boolean isReady(Known known, Rank rank) {
        return known != null && known.warm() && known.holds(rank);
    }

    /** Has the members asked again soon: no member is known to hold some rank. */
    void doubt(UUID deployment) {
        Holdings holdings = deployments.get(deployment);
        if (holdings != null) {
            holdings.doubt();
            refresh(deployment);
        }
    }

    /** Takes note that a member does not hold the ranks after all. */
    void lacks(UUID deployment, List<Rank> ranks, Member member) {
        Holdings holdings = deployments.get(deployment);
        if (holdings != null) {
            Set<Integer> numbers = ranks.stream().map(Rank::number).collect(Collectors.toSet());
            holdings.known.computeIfPresent(member, (same, known) -> known.without(numbers));
            doubt(deployment);
        }
    }
}
