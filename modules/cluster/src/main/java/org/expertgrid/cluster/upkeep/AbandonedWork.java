package org.expertgrid.cluster.upkeep;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.expertgrid.cluster.deploying.Rebalance;
import org.expertgrid.cluster.deploying.Undeployment;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Faults;
import org.expertgrid.cluster.models.Claim;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.Removals;
import org.expertgrid.experts.errors.ExpertgridException;

/**
 * Finishes the work of processes that died while they deployed, removed or moved a model, and has ranks spread evenly again. Every
 * member has one; only that of the oldest data member does anything.
 *
 * <p>A record is abandoned when this member has not seen it change for {@link Claim#ABANDONED_SECONDS}; no clocks are compared. A member
 * that may be in the smaller part of a torn cluster does nothing: each record counts the data members among which its model lives.
 *
 * <p>For one thread.
 */
public final class AbandonedWork {
    private static final Logger LOGGER = System.getLogger(AbandonedWork.class.getName());

    private final HazelcastInstance hazelcast;
    private final ModelMap models;
    private final Removals removals;
    private final Rebalancing rebalancing;
    private final long abandonedNanos;
    private final Map<String, Seen> seen = new HashMap<>();
    private List<UUID> lastMembers = List.of();

    /**
     * Watches the models of a member's cluster.
     *
     * @param rebalance how long a model's ranks may be uneven, negative for ever
     * @param abandoned how long a record may be unfinished without changing
     */
    public AbandonedWork(HazelcastInstance hazelcast, Duration rebalance, Duration abandoned) {
        this.hazelcast = hazelcast;
        this.models = new ModelMap(hazelcast);
        this.removals = new Removals(hazelcast);
        this.rebalancing = new Rebalancing(hazelcast, rebalance);
        this.abandonedNanos = abandoned.toNanos();
    }

    /** A model and the members as they were when they last changed. */
    private record Seen(UUID id, long version, List<UUID> members, long since) {
        boolean isStill(ModelRecord record, List<UUID> members) {
            return id.equals(record.id()) && version == record.version() && this.members.equals(members);
        }
    }

    /** Looks at every model once. */
    public void round() {
        List<Member> members = DataMembers.of(hazelcast);
        if (members.isEmpty() || !members.get(0).localMember()) {
            seen.clear();
            return;
        }
        List<UUID> ids = members.stream().map(Member::getUuid).toList();
        Map<String, ModelRecord> records = new HashMap<>();
        models.forEach(records::put);
        seen.keySet().retainAll(records.keySet());
        rebalancing.retain(records.keySet());
        if (!ids.equals(lastMembers)) {
            rebalancing.membersChanged();
            lastMembers = ids;
        }
        Set<UUID> removed = removals.all();
        // One time for all models: work on one of them may take minutes.
        long now = System.nanoTime();
        records.forEach((name, record) -> {
            Seen last = seen.get(name);
            boolean still = last != null && last.isStill(record, ids);
            if (!still) {
                seen.put(name, new Seen(record.id(), record.version(), ids, now));
            }
            if (removed.contains(record.id()) && record.state() != ModelRecord.State.REMOVING) {
                guarded(name, () -> removeAgain(name, record));
            } else if (!record.isUnfinished() && ids.size() > record.shards().members()) {
                // Counted at once: from now on, fewer members may be the smaller part of a torn cluster.
                guarded(name, () -> models.replace(name, record, record.among(ids.size())));
            } else if (still && record.isTogether(ids.size())) {
                guarded(name, () -> finishOrRebalance(name, record, ids.size(), now - last.since()));
            }
        });
    }

    private void removeAgain(String name, ModelRecord record) {
        LOGGER.log(Level.INFO, "model '" + name + "': is removed again; a member that was cut off brought it back");
        new Undeployment(hazelcast, name).remove(record);
    }

    private void finishOrRebalance(String name, ModelRecord record, int members, long unchangedNanos) {
        if (record.isUnfinished()) {
            if (unchangedNanos > abandonedNanos) {
                LOGGER.log(Level.INFO, "model '" + name + "', " + record.state() + ": abandoned, is cleaned up");
                finish(name, record);
            }
            return;
        }
        if (unchangedNanos > abandonedNanos && members < record.shards().members()) {
            models.replace(name, record, record.among(members));
        } else if (rebalancing.isDue(record, unchangedNanos)) {
            rebalancing.run(name);
        }
    }

    private void guarded(String name, Runnable work) {
        try {
            work.run();
        } catch (ExpertgridException | HazelcastException e) {
            boolean passing = Faults.mayPass(e, hazelcast)
                    || !hazelcast.getLifecycleService().isRunning();
            LOGGER.log(
                    passing ? Level.DEBUG : Level.WARNING,
                    "model '" + name + "': its cleanup failed and is tried again",
                    e);
        }
    }

    private void finish(String name, ModelRecord record) {
        if (!record.isReady()) {
            // Removes only this version of the record: the process that was taken for dead may have finished meanwhile.
            new Undeployment(hazelcast, name).remove(record);
            return;
        }
        try (Claim claim = new Claim(models, name, record)) {
            ModelRecord settled = claim.change(record.next() == null ? ModelRecord::renewed : ModelRecord::withoutNext);
            Rebalance rebalance = new Rebalance(hazelcast, name);
            settled.retired().forEach(set -> rebalance.retire(claim, settled.definition(), set));
        }
    }
}
