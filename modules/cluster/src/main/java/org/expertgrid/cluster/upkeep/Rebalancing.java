package org.expertgrid.cluster.upkeep;

import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.deploying.Placement;
import org.expertgrid.cluster.deploying.Rebalance;
import org.expertgrid.cluster.models.ModelRecord;

/**
 * Spreads the ranks of models evenly again, some time after members have joined or left. A try that fails has copied the model in
 * vain, so the pauses between tries double.
 *
 * <p>For one thread.
 */
final class Rebalancing {
    private static final System.Logger LOGGER = System.getLogger(Rebalancing.class.getName());
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MOST_DOUBLINGS = 7;

    private final HazelcastInstance hazelcast;
    private final Placement placement;
    private final long afterNanos;
    private final Map<String, Postponed> postponed = new HashMap<>();

    /**
     * Rebalances the models of a member's cluster.
     *
     * @param after how long a model's ranks may be uneven, negative for ever
     */
    Rebalancing(HazelcastInstance hazelcast, Duration after) {
        this.hazelcast = hazelcast;
        this.placement = new Placement(hazelcast);
        this.afterNanos = after.isNegative() ? Long.MAX_VALUE : after.toNanos();
    }

    /** A model that could not be rebalanced. */
    private record Postponed(int times, long until) {}

    /** Forgets the failed tries of models that are gone. */
    void retain(Set<String> models) {
        postponed.keySet().retainAll(models);
    }

    /** Forgets all failed tries, because members that have joined may have the room that was missing. */
    void membersChanged() {
        postponed.clear();
    }

    /** Returns whether a model that has not changed for that long is to be rebalanced. */
    boolean isDue(ModelRecord record, long unchangedNanos) {
        return unchangedNanos > afterNanos
                && hazelcast.getPartitionService().isClusterSafe()
                && !placement.isEven(record.shards());
    }

    /** Rebalances a model, unless the last try failed a short time ago. */
    void run(String name) {
        Postponed last = postponed.getOrDefault(name, new Postponed(0, System.nanoTime()));
        if (System.nanoTime() - last.until() < 0) {
            return;
        }
        LOGGER.log(System.Logger.Level.INFO, "model '" + name + "': its ranks are uneven and are spread anew");
        int times = Math.min(last.times() + 1, MOST_DOUBLINGS);
        postponed.put(name, new Postponed(times, System.nanoTime() + (FIRST_PAUSE_NANOS << times)));
        new Rebalance(hazelcast, name).run(part -> {});
        postponed.remove(name);
    }
}
