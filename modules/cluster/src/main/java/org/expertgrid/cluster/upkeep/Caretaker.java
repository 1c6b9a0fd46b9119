package org.expertgrid.cluster.upkeep;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.deploying.Deployment;
import org.expertgrid.cluster.deploying.Placement;
import org.expertgrid.cluster.deploying.Rebalance;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Faults;
import org.expertgrid.cluster.models.Claim;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.Removals;
import org.expertgrid.experts.errors.ExpertgridException;

/**
 * Sees to models that nobody else sees to: finishes what somebody began who has died since (deployments, removals, moves), and
 * spreads ranks that are apart after members have joined or left. Every member has one; the oldest data member's is at work.
 *
 * <p>What it takes for abandoned is a record that has not changed for {@link Claim#ABANDONED_SECONDS} under its own eyes; no clocks are
 * compared. It does nothing where it may be in the smaller part of a cluster that has been torn apart: for that it keeps count, in
 * each model's record, of the data members among which the model lives.
 *
 * <p>For one thread.
 */
public final class Caretaker {
    private static final Logger LOGGER = System.getLogger(Caretaker.class.getName());
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MOST_DOUBLINGS = 7;

    private final HazelcastInstance hazelcast;
    private final ModelMap models;
    private final Removals removals;
    private final long rebalanceNanos;
    private final long abandonedNanos;
    private final Map<String, Seen> seen = new HashMap<>();
    private final Map<String, Postponed> postponed = new HashMap<>();
    private List<UUID> lastMembers = List.of();

    /**
     * Looks after the models of a member's cluster.
     *
     * @param rebalanceSeconds how long ranks may be apart, negative for ever
     * @param abandonedSeconds how long a record may be unfinished without changing
     */
    public Caretaker(HazelcastInstance hazelcast, long rebalanceSeconds, long abandonedSeconds) {
        this.hazelcast = hazelcast;
        this.models = new ModelMap(hazelcast);
        this.removals = new Removals(hazelcast);
        this.rebalanceNanos = rebalanceSeconds < 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(rebalanceSeconds);
        this.abandonedNanos = TimeUnit.SECONDS.toNanos(abandonedSeconds);
    }

    /** A model and the members as they were when they last changed. */
    private record Seen(UUID id, long version, List<UUID> members, long since) {
        boolean isStill(ModelRecord record, List<UUID> members) {
            return id.equals(record.id()) && version == record.version() && this.members.equals(members);
        }
    }

    /** What could not be done the last times: it may need what is not there. */
    private record Postponed(int times, long until) {}

    /** Looks at every model once, and does what there is to do. */
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
        postponed.keySet().retainAll(records.keySet());
        if (!ids.equals(lastMembers)) {
            // There may be room now.
            postponed.clear();
            lastMembers = ids;
        }
        Set<UUID> removed = removals.all();
        // Not as each one's turn comes: what is done for one may take minutes, in which nobody looks at the others.
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
                // At once: from now on fewer could be the smaller part.
                guarded(name, () -> models.replace(name, record, record.among(ids.size())));
            } else if (still && record.isTogether(ids.size())) {
                guarded(name, () -> lookAfter(name, record, ids.size(), now - last.since()));
            }
        });
    }

    private void removeAgain(String name, ModelRecord record) {
        LOGGER.log(Level.INFO, "model '" + name + "': was removed while a member was away, which brought it back");
        new Deployment(hazelcast, name).remove(record);
    }

    private void lookAfter(String name, ModelRecord record, int members, long unchangedNanos) {
        if (record.isUnfinished()) {
            if (unchangedNanos > abandonedNanos) {
                LOGGER.log(Level.INFO, "model '" + name + "', " + record.state() + ": abandoned, is cleared up");
                finish(name, record);
            }
            return;
        }
        if (unchangedNanos > abandonedNanos && members < record.shards().members()) {
            models.replace(name, record, record.among(members));
        } else if (unchangedNanos > rebalanceNanos && isApart(record)) {
            rebalance(name);
        }
    }

    private void guarded(String name, Runnable care) {
        try {
            care.run();
        } catch (ExpertgridException | HazelcastException e) {
            boolean passing = Faults.mayPass(e, hazelcast)
                    || !hazelcast.getLifecycleService().isRunning();
            LOGGER.log(
                    passing ? Level.DEBUG : Level.WARNING,
                    "model '" + name + "': could not be looked after, which is tried again",
                    e);
        }
    }

    /** Copying a model in vain costs as much as copying it: the pauses between tries double. */
    private void rebalance(String name) {
        Postponed last = postponed.getOrDefault(name, new Postponed(0, System.nanoTime()));
        if (System.nanoTime() - last.until() < 0) {
            return;
        }
        LOGGER.log(Level.INFO, "model '" + name + "': its ranks are apart, and are spread anew");
        int times = Math.min(last.times() + 1, MOST_DOUBLINGS);
        postponed.put(name, new Postponed(times, System.nanoTime() + (FIRST_PAUSE_NANOS << times)));
        new Rebalance(hazelcast, name).run((done, of) -> {});
        postponed.remove(name);
    }

    private boolean isApart(ModelRecord record) {
        return hazelcast.getPartitionService().isClusterSafe() && !Placement.isEven(hazelcast, record.shards());
    }

    private void finish(String name, ModelRecord record) {
        if (!record.isReady()) {
            // That very record: whoever was taken for dead may have ended meanwhile.
            new Deployment(hazelcast, name).remove(record);
            return;
        }
        try (Claim claim = new Claim(models, name, record)) {
            ModelRecord settled = claim.change(record.next() == null ? ModelRecord::renewed : ModelRecord::withoutNext);
            Rebalance rebalance = new Rebalance(hazelcast, name);
            settled.retired().forEach(set -> rebalance.retire(claim, settled.definition(), set));
        }
    }
}
