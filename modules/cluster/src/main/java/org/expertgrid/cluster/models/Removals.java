package org.expertgrid.cluster.models;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.RetriedWrite;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.kernels.WeightTile;

/**
 * Which models and sets of shards have been removed, for a day: a member that was away meanwhile brings back what it held of them when
 * it merges, and Hazelcast takes it for something that the others have lost. What it has removed itself meanwhile does not count.
 *
 * <p>Nothing else is removed on this ground: what no record names may belong to a record that cannot be read.
 *
 * <p>Safe for use by many threads.
 */
public final class Removals {
    private static final long KEPT_DAYS = 1;

    private final HazelcastInstance hazelcast;
    private final IMap<ShardKey, WeightTile> shards;
    private final IMap<UUID, Boolean> removed;

    public Removals(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.shards = hazelcast.getMap(GridNames.SHARDS);
        this.removed = hazelcast.getMap(GridNames.REMOVED);
    }

    /** Takes note that a model, or a set of shards, is removed for good. */
    public void add(UUID id) {
        RetriedWrite.untilDone(hazelcast, "that " + id + " is removed", () -> {
            removed.set(id, true, KEPT_DAYS, TimeUnit.DAYS);
            return true;
        });
    }

    public boolean contains(UUID id) {
        return removed.containsKey(id);
    }

    /** Returns all that have been removed within a day. */
    public Set<UUID> all() {
        return removed.keySet();
    }

    /** Removes those of this member's shards that are of a removed set. */
    public void sweep() {
        Set<UUID> ids = all();
        if (ids.isEmpty()) {
            return;
        }
        List<ShardKey> left = shards.localKeySet().stream()
                .filter(key -> ids.contains(key.deployment()))
                .toList();
        left.forEach(shards::delete);
    }
}
