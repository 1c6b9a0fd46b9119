package org.expertgrid.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.expertgrid.experts.ExpertgridException;

/**
 * Sees to models that nobody else sees to: finishes what somebody began who has died since (deployments, removals, moves), and
 * spreads ranks that are apart after members have joined or left. Every member has one; the oldest data member's is at work.
 *
 * <p>What it takes for abandoned is a record that has not changed for {@link Claim#ABANDONED_SECONDS} under its own eyes; no clocks are
 * compared. It does nothing where it may be in the smaller part of a cluster that has been torn apart.
 *
 * <p>For one thread.
 */
final class Caretaker {
    private static final Logger LOGGER = System.getLogger(Caretaker.class.getName());

    private final HazelcastInstance hazelcast;
    private final ModelMap models;
    private final long rebalanceNanos;
    private final long abandonedNanos;
    private final Map<String, Seen> seen = new HashMap<>();

    /**
     * Looks after the models of a member's cluster.
     *
     * @param rebalanceSeconds how long ranks may be apart, negative for ever
     * @param abandonedSeconds how long a record may be unfinished without changing
     */
    Caretaker(HazelcastInstance hazelcast, long rebalanceSeconds, long abandonedSeconds) {
        this.hazelcast = hazelcast;
        this.models = new ModelMap(hazelcast);
        this.rebalanceNanos = rebalanceSeconds < 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(rebalanceSeconds);
        this.abandonedNanos = TimeUnit.SECONDS.toNanos(abandonedSeconds);
    }

    /** A model and the members as they were when they last changed. */
    private record Seen(UUID id, long version, List<UUID> members, long since) {
        boolean isStill(ModelRecord record, List<UUID> members) {
            return id.equals(record.id()) && version == record.version() && this.members.equals(members);
        }
    }

    /** Looks at every model once, and does what there is to do. */
    void round() {
        List<Member> members = Members.ofData(hazelcast);
        if (members.isEmpty() || !members.get(0).localMember()) {
            seen.clear();
            return;
        }
        List<UUID> ids = members.stream().map(Member::getUuid).toList();
        Map<String, ModelRecord> records = new HashMap<>();
        models.forEach(records::put);
        seen.keySet().retainAll(records.keySet());
        records.forEach((name, record) -> {
            Seen last = seen.get(name);
            if (last == null || !last.isStill(record, ids)) {
                seen.put(name, new Seen(record.id(), record.version(), ids, System.nanoTime()));
            } else if (record.shards().isTogether(ids.size())) {
                lookAfter(name, record, System.nanoTime() - last.since());
            }
        });
    }

    private void lookAfter(String name, ModelRecord record, long unchangedNanos) {
        try {
            if (record.isUnfinished()) {
                if (unchangedNanos > abandonedNanos) {
                    LOGGER.log(Level.INFO, "model '" + name + "', " + record.state() + ": abandoned, is cleared up");
                    finish(name, record);
                }
            } else if (unchangedNanos > rebalanceNanos && isApart(record)) {
                LOGGER.log(Level.INFO, "model '" + name + "': its ranks are apart, and are spread anew");
                new Rebalance(hazelcast, name).run((done, of) -> {});
            }
        } catch (ExpertgridException e) {
            LOGGER.log(Level.WARNING, "model '" + name + "': could not be looked after, which is tried again", e);
        }
    }

    private boolean isApart(ModelRecord record) {
        return hazelcast.getPartitionService().isClusterSafe() && !Placement.isEven(hazelcast, record.shards());
    }

    private void finish(String name, ModelRecord record) {
        if (!record.isReady()) {
            new Deployment(hazelcast, name).remove(record.id());
            return;
        }
        try (Claim claim = new Claim(models, name, record)) {
            ModelRecord settled = claim.change(record.next() == null ? ModelRecord::renewed : ModelRecord::withoutNext);
            Rebalance rebalance = new Rebalance(hazelcast, name);
            settled.retired().forEach(set -> rebalance.retire(claim, settled.definition(), set));
        }
    }
}
