package org.expertgrid.cluster.shards;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import java.util.Map;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.kernels.WeightTile;

/**
 * Hands tiles to the {@link HeldTiles} of the members whose records hold them: of the owner of the partition and, if it is its own backup
 * processor, of the holders of backups. It changes no entry. Answers whether there is a tile.
 *
 * <p>In an IMap of the in-memory format OBJECT an entry processor is given the record's own object; {@code get} would copy it.
 */
public final class TileCollector implements EntryProcessor<ShardKey, WeightTile, Boolean>, HazelcastInstanceAware {
    private static final long serialVersionUID = 1L;

    private final boolean withBackups;
    private transient HazelcastInstance member;

    /**
     * Collects on the owner, and on the holders of backups if asked for. Holders of backups read what they lack from a store on a partition
     * thread, which must not wait for files: where there is a store, ask for backups only when they are known to be in memory.
     */
    public TileCollector(boolean withBackups) {
        this.withBackups = withBackups;
    }

    boolean withBackups() {
        return withBackups;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance hazelcast) {
        this.member = hazelcast;
    }

    @Override
    public Boolean process(Map.Entry<ShardKey, WeightTile> entry) {
        WeightTile tile = entry.getValue();
        if (tile != null) {
            HeldTiles.collect(member, entry.getKey(), tile);
        }
        return tile != null;
    }

    @Override
    public EntryProcessor<ShardKey, WeightTile, Boolean> getBackupProcessor() {
        return withBackups ? this : null;
    }
}
