package org.expertgrid.cluster.shards;

import com.hazelcast.core.HazelcastInstance;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.kernels.WeightTile;

/**
 * The tiles that one member's partitions hold, primaries and backups, found by their keys without asking the map.
 *
 * <pre>
 *   record of the map  --strong-->  WeightTile  <--weak--  HeldTiles  <--  tasks, which refer to tiles strongly while they compute
 * </pre>
 *
 * A reference leads to the very object in the map's record. It clears by itself some time after the record has left the member or has
 * been removed. Until then it still answers rightly: tiles are immutable, and a deployment's id is never used again.
 *
 * <p>Safe for use by many threads.
 */
public final class HeldTiles {
    private static final String KEY = "expertgrid.tiles";

    private final Map<UUID, Map<ShardKey, WeakReference<WeightTile>>> deployments = new ConcurrentHashMap<>();

    /** Makes one that belongs to no member. */
    public HeldTiles() {}

    /** Returns an empty one, which {@link TileCollector}s on that member fill from now on. */
    public static HeldTiles of(HazelcastInstance member) {
        HeldTiles tiles = new HeldTiles();
        member.getUserContext().put(KEY, tiles);
        return tiles;
    }

    /** Returns those of a member, or null where its worker has not started. */
    static HeldTiles in(HazelcastInstance member) {
        return (HeldTiles) member.getUserContext().get(KEY);
    }

    /** Takes a tile that a record of a member holds; does nothing where the member's worker has not started. */
    static void collect(HazelcastInstance member, ShardKey key, WeightTile tile) {
        HeldTiles tiles = in(member);
        if (tiles != null) {
            tiles.put(key, tile);
        }
    }

    private void put(ShardKey key, WeightTile tile) {
        deployments
                .computeIfAbsent(key.deployment(), deployment -> new ConcurrentHashMap<>())
                .compute(key, (same, held) -> held != null && held.get() == tile ? held : new WeakReference<>(tile));
    }

    /** Returns a tile, or null where it is not known to be held. */
    public WeightTile get(ShardKey key) {
        Map<ShardKey, WeakReference<WeightTile>> tiles = deployments.get(key.deployment());
        WeakReference<WeightTile> held = tiles == null ? null : tiles.get(key);
        return held == null ? null : held.get();
    }

    /** Gives every tile that is held. */
    public void forEach(BiConsumer<ShardKey, WeightTile> action) {
        deployments
                .values()
                .forEach(tiles -> tiles.forEach((key, held) -> {
                    WeightTile tile = held.get();
                    if (tile != null) {
                        action.accept(key, tile);
                    }
                }));
    }

    /** Forgets the tiles of a deployment. */
    public void forget(UUID deployment) {
        deployments.remove(deployment);
    }

    /** Forgets the keys of tiles that are gone. */
    public void removeCleared() {
        deployments.values().forEach(tiles -> tiles.values().removeIf(held -> held.get() == null));
        deployments.values().removeIf(Map::isEmpty);
    }
}
