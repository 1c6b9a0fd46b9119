package org.expertgrid.cluster.worker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.Migrations;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.models.DeployedSets;
import org.expertgrid.cluster.models.DeployedSets.Deployed;
import org.expertgrid.cluster.shards.HeldTiles;

/**
 * Keeps {@link HeldTiles} complete on all members: after partitions or backups have moved, and now and then, the owner of each rank has the rank's
 * tiles collected anew, on itself and on the holders of the backups. A promoted backup then has nothing to look for.
 *
 * <p>For one thread.
 */
final class TileUpkeep {
    private static final long COLLECT_MILLIS = 2_000;

    private final DeployedSets deployed;
    private final HeldTiles held;
    private final TileReader tiles;
    private final Migrations migrations;
    /** The sets whose tiles have been collected since collecting last began. */
    private final Set<UUID> collected = new HashSet<>();

    private final CollectingTimes times = new CollectingTimes(System.nanoTime());

    TileUpkeep(DeployedSets deployed, HeldTiles held, TileReader tiles, Migrations migrations) {
        this.deployed = deployed;
        this.held = held;
        this.tiles = tiles;
        this.migrations = migrations;
    }

    /** Does what there is to do; what fails is done in the next round. */
    void round() {
        held.removeCleared();
        long begin = System.nanoTime();
        if (times.mayCollect(begin)) {
            if (times.beginsAnew(begin, migrations.moves())) {
                collected.clear();
            }
            collect();
            times.ended(begin, System.nanoTime());
        }
    }

    private void collect() {
        Collection<Deployed> sets = deployed.all();
        for (Deployed set : sets) {
            UUID deployment = set.set().deployment();
            if (set.record().isReady() && !collected.contains(deployment) && collect(set)) {
                collected.add(deployment);
            }
        }
        collected.retainAll(sets.stream().map(set -> set.set().deployment()).toList());
    }

    private boolean collect(Deployed set) {
        List<List<ShardKey>> owned = new ArrayList<>();
        for (Rank rank : set.set().ranks()) {
            List<ShardKey> keys = new ArrayList<>();
            set.set().forEachKey(set.definition(), rank.number(), keys::add);
            if (tiles.isOwner(keys.get(0))) {
                owned.add(keys);
            }
        }
        return tiles.collect(owned, Deadline.inMillis(COLLECT_MILLIS));
    }
}
