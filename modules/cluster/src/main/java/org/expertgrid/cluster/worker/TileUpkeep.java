package org.expertgrid.cluster.worker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
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
    private static final long COLLECT_MILLIS = 10_000;
    /** After a round, tiles are not collected for so many times as long as it took: partition threads have other work, too. */
    private static final int PAUSE = 4;
    /**
     * The longest time between two collections; it is shorter soon after a move. Hazelcast may fill a holder of backups later than it tells of it, and may
     * fill it again without telling.
     */
    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final DeployedSets deployed;
    private final HeldTiles held;
    private final TileReader tiles;
    private final Migrations migrations;
    /** The sets whose tiles have been collected since collecting last began. */
    private final Set<UUID> collected = new HashSet<>();

    private long movesSeen;
    /** When a move was last seen, as {@link System#nanoTime} counts. */
    private long movedAt = System.nanoTime();
    /** When collecting last began, for the same move or a new one. */
    private long begunAt = movedAt;

    private long resumeAt = System.nanoTime();

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
        if (begin - resumeAt >= 0) {
            collect();
            long end = System.nanoTime();
            resumeAt = end + PAUSE * (end - begin);
        }
    }

    private void collect() {
        long moves = migrations.moves();
        long now = System.nanoTime();
        if (moves != movesSeen) {
            movesSeen = moves;
            movedAt = now;
        }
        if (now - begunAt >= Math.min(CALM_NANOS, (now - movedAt) / 2)) {
            collected.clear();
            begunAt = now;
        }
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
        Deadline deadline = Deadline.inMillis(COLLECT_MILLIS);
        boolean complete = true;
        for (Rank rank : set.set().ranks()) {
            List<ShardKey> keys = new ArrayList<>();
            set.set().forEachKey(set.definition(), rank.number(), keys::add);
            if (tiles.isOwner(keys.get(0))) {
                complete &= collect(keys, deadline);
            }
        }
        return complete;
    }

    private boolean collect(List<ShardKey> keys, Deadline deadline) {
        try {
            tiles.collect(keys, deadline);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception e) {
            // The owner may be changing.
            return false;
        }
    }
}
