package org.expertgrid.cluster.worker;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.Faults;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.models.DeployedSets.Deployed;
import org.expertgrid.cluster.shards.HeldTiles;
import org.expertgrid.cluster.shards.TileCollector;
import org.expertgrid.cluster.store.StoreFailure;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.kernels.WeightTile;

/**
 * Finds the tiles of this member: in {@link HeldTiles} at once, and by asking the map for those that are not there yet. Nothing is
 * copied either way.
 *
 * <p>Safe for use by many threads.
 */
final class TileReader {
    private static final Logger LOGGER = System.getLogger(TileReader.class.getName());
    /** The map answers in milliseconds, unless the partition has just moved to a member that does not answer. */
    private static final long READ_MILLIS = 5_000;
    /** An operation for so many keys holds a partition thread for well under a millisecond. */
    private static final int KEYS_AT_ONCE = 512;

    private final HazelcastInstance hazelcast;
    private final IMap<ShardKey, WeightTile> shards;
    private final HeldTiles held;
    private final boolean stored;
    /** The deployments of which weights were lost, each of which is logged once. */
    private final Set<UUID> lost = ConcurrentHashMap.newKeySet();

    TileReader(HazelcastInstance hazelcast, HeldTiles held) {
        this.hazelcast = hazelcast;
        this.shards = hazelcast.getMap(GridNames.SHARDS);
        this.held = held;
        this.stored = hazelcast
                .getConfig()
                .getMapConfig(GridNames.SHARDS)
                .getMapStoreConfig()
                .isEnabled();
    }

    /**
     * The answer to a request for tiles.
     *
     * @param status OK, or why they are not there
     * @param message what went wrong, where something did
     */
    record Outcome(RankStatus status, String message) {
        static final Outcome OK = new Outcome(RankStatus.OK, "");

        static Outcome of(RankStatus status) {
            return new Outcome(status, "");
        }
    }

    /** Returns a tile that is known to be held, else null. */
    WeightTile held(ShardKey key) {
        return held.get(key);
    }

    /**
     * Asks the map for tiles that are not known to be held; {@link #held} knows those that are there afterwards.
     *
     * @param of the set that the tiles are of
     * @param written whether they have just been written, so that backups are in memory
     */
    Outcome read(Deployed of, List<ShardKey> keys, boolean written, Deadline deadline) {
        if (!keys.stream().allMatch(this::isOwner)) {
            return Outcome.of(RankStatus.MOVED);
        }
        try {
            for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
                List<ShardKey> some = keys.subList(from, Math.min(from + KEYS_AT_ONCE, keys.size()));
                Map<ShardKey, Boolean> found = ask(some, written || !stored, deadline);
                for (ShardKey key : some) {
                    if (!found.getOrDefault(key, false) && !ask(key, deadline)) {
                        return isOwner(key) ? missing(of, key, deadline) : Outcome.of(RankStatus.MOVED);
                    }
                }
            }
            return Outcome.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.of(RankStatus.MOVED);
        } catch (Exception thrown) {
            return failure(keys.get(0), Faults.unwrap(thrown), deadline);
        }
    }

    private Outcome failure(ShardKey key, Throwable cause, Deadline deadline) {
        if (cause instanceof TimeoutException && deadline.millisLeft() == 0) {
            return new Outcome(RankStatus.MOVED, "reading the weights took longer than the caller would wait");
        }
        boolean passing = Faults.mayPass(cause, hazelcast)
                || cause instanceof TimeoutException
                || !hazelcast.getLifecycleService().isRunning();
        boolean refused = StoreFailure.isBehind(cause);
        LOGGER.log(passing || refused ? Level.DEBUG : Level.WARNING, "cannot read the weights of " + key, cause);
        if (cause instanceof OutOfMemoryError) {
            return new Outcome(RankStatus.BUSY, "out of memory");
        }
        String message = refused ? cause.getMessage() : cause.toString();
        return new Outcome(passing ? RankStatus.MOVED : RankStatus.FAILED, message);
    }

    /** Asks for one tile, which fails if the store cannot read it; of several a store leaves out what it cannot read. */
    private boolean ask(ShardKey key, Deadline deadline) throws Exception {
        return shards.submitToKey(key, new TileCollector(!stored))
                .toCompletableFuture()
                .get(Math.min(READ_MILLIS, deadline.millisLeft()), TimeUnit.MILLISECONDS);
    }

    private Map<ShardKey, Boolean> ask(List<ShardKey> keys, boolean withBackups, Deadline deadline) throws Exception {
        return submit(keys, withBackups).get(Math.min(READ_MILLIS, deadline.millisLeft()), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Map<ShardKey, Boolean>> submit(List<ShardKey> keys, boolean withBackups) {
        return shards.submitToKeys(new HashSet<>(keys), new TileCollector(withBackups))
                .toCompletableFuture();
    }

    /**
     * Answers LOST instead of MISSING where no member and no store can have the tile: the model is in use, no partition is moving,
     * most of the members that it lives among are together, and the owner finds no entry again. A member that was cut off from the
     * others finds their weights missing too, until it is with them again.
     */
    private Outcome missing(Deployed of, ShardKey key, Deadline deadline) throws Exception {
        boolean certain = of.answers()
                && of.record().isTogether(DataMembers.of(hazelcast).size())
                && hazelcast.getPartitionService().isClusterSafe()
                && isOwner(key)
                && !ask(key, deadline);
        if (!certain) {
            return Outcome.of(RankStatus.MISSING);
        }
        String message = "no member and no store has " + key;
        if (lost.add(key.deployment())) {
            LOGGER.log(Level.WARNING, "weights are lost: " + message);
        }
        return new Outcome(RankStatus.LOST, message);
    }

    /** Forgets the tiles of a deployment. */
    void forget(UUID deployment) {
        lost.remove(deployment);
        held.forget(deployment);
    }

    boolean isOwner(ShardKey key) {
        var owner =
                hazelcast.getPartitionService().getPartition(key.partitionKey()).getOwner();
        return owner != null && owner.localMember();
    }

    /**
     * Has the tiles of ranks that this member owns collected, here and by the holders of the backups. All are asked before any is waited for, so that a
     * holder that does not answer keeps none of the others waiting. Does nothing where there is a store, which would read tiles that no task has asked for.
     *
     * @param ranks the keys of each rank
     * @return whether all were collected in time; the owner may be changing
     */
    boolean collect(List<List<ShardKey>> ranks, Deadline deadline) {
        List<CompletableFuture<?>> asked = new ArrayList<>();
        try {
            for (List<ShardKey> keys : stored ? List.<List<ShardKey>>of() : ranks) {
                for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
                    asked.add(submit(keys.subList(from, Math.min(from + KEYS_AT_ONCE, keys.size())), true));
                }
            }
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                    .get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOGGER.log(Level.DEBUG, "some tiles were not collected", e);
            return false;
        }
    }
}
