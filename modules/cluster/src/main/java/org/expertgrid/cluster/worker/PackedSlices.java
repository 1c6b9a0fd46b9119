package org.expertgrid.cluster.worker;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.Faults;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.LayerId;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.shards.ShardTile;
import org.expertgrid.cluster.store.StoreFailure;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.PackedWeights;

/**
 * The slices that this member holds packed, and the only decoded copy of them. Neighbouring ranks on one member are one wider
 * slice: {@linkplain Rank#runs runs} of them are packed together.
 *
 * <p>A slice is read when it is first asked for, by one thread while all others that ask wait for it, tile by tile from the
 * member's own partitions; the tiles are let go. It is read on the loader's threads, so that a read which the partition's
 * migration turns into a remote one holds up no task beyond its deadline. Weights are immutable, so a slice that is held
 * stays right when its partition moves away; it is dropped some time after it was last asked for, sooner when memory is short.
 *
 * <p>Safe for use by many threads.
 */
public final class PackedSlices {
    private static final Logger LOGGER = System.getLogger(PackedSlices.class.getName());
    /** A read of one's own partition takes milliseconds, unless the partition has just moved to a member that does not answer. */
    private static final long READ_SECONDS = 5;

    private static final long KEEP_UNUSED_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Longer than a forward of any size takes between two tasks, and than word of a new set of shards takes to its callers. */
    private static final long KEEP_LATELY_ASKED_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Slice NO_MEMORY = new Slice(RankStatus.BUSY, null, "out of memory");

    private final HazelcastInstance hazelcast;
    private final IMap<ShardKey, ShardTile> shards;
    private final IMap<String, ModelRecord> models;
    private final Function<LinearWeights, PackedWeights> packing;
    private final Executor loader;
    private final HeapRoom room;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    /** The deployments of which weights were lost, each of which is logged once. */
    private final Set<UUID> lost = ConcurrentHashMap.newKeySet();

    /**
     * Holds nothing at first.
     *
     * @param loader reads and packs
     * @param room what it is kept in: where that is short, what may not be needed is dropped sooner
     */
    PackedSlices(
            HazelcastInstance hazelcast,
            Function<LinearWeights, PackedWeights> packing,
            Executor loader,
            HeapRoom room) {
        this.hazelcast = hazelcast;
        this.shards = hazelcast.getMap(GridNames.SHARDS);
        this.models = hazelcast.getMap(GridNames.MODELS);
        this.packing = packing;
        this.loader = loader;
        this.room = room;
    }

    /**
     * What asking for a slice gives.
     *
     * @param status OK with weights, otherwise why there are none
     * @param weights the packed slice, or null
     * @param message what went wrong, where something did
     */
    record Slice(RankStatus status, PackedWeights weights, String message) {
        static Slice without(RankStatus status) {
            return new Slice(status, null, "");
        }
    }

    private record Key(LayerId layer, List<Rank> run) {}

    /** A slice that is held or being read, when it was last asked for, and whether that is how tasks ask at present. */
    private static final class Entry {
        private final CompletableFuture<Slice> slice = new CompletableFuture<>();
        private volatile long askedAt = System.nanoTime();
    }

    /** Returns the slice of a layer that neighbouring ranks hold together, read and packed first where it is not held. */
    Slice get(LayerId layer, List<Rank> run, Deadline deadline) {
        Key key = new Key(layer, run);
        Entry held = entries.get(key);
        if (held == null) {
            Entry mine = new Entry();
            held = entries.putIfAbsent(key, mine);
            if (held == null) {
                held = mine;
                begin(key, mine);
            }
        }
        held.askedAt = System.nanoTime();
        try {
            return held.slice.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Slice(RankStatus.FAILED, null, "reading the weights took longer than the caller would wait");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Slice.without(RankStatus.MOVED);
        } catch (ExecutionException e) {
            throw new AssertionError("slices complete normally", e);
        }
    }

    /**
     * Returns neighbouring ranks as the runs in which this member can answer for them soonest: as one where it holds them so or holds
     * none of them, and otherwise as those runs that it holds and those that are missing.
     *
     * @param layer by which it is told what is held; all layers of a deployment are held alike
     */
    List<List<Rank>> pieces(LayerId layer, List<Rank> run) {
        if (isHeld(new Key(layer, run))) {
            return List.of(run);
        }
        List<List<Rank>> held = entries.keySet().stream()
                .filter(key -> key.layer().equals(layer) && run.containsAll(key.run()) && isHeld(key))
                .map(Key::run)
                .sorted(Comparator.<List<Rank>>comparingInt(List::size).reversed())
                .toList();
        List<Rank> left = new ArrayList<>(run);
        List<List<Rank>> pieces = new ArrayList<>();
        for (List<Rank> one : held) {
            if (left.containsAll(one)) {
                left.removeAll(one);
                pieces.add(one);
            }
        }
        pieces.addAll(Rank.runs(left));
        pieces.sort(Comparator.comparingInt(piece -> piece.get(0).number()));
        return pieces;
    }

    private boolean isHeld(Key key) {
        Entry entry = entries.get(key);
        return entry != null && weights(entry) != null;
    }

    /** Returns how many ranks' slices of how many weights are held: a run of three ranks counts as three. */
    int count() {
        return entries.entrySet().stream()
                .filter(entry -> weights(entry.getValue()) != null)
                .mapToInt(entry -> entry.getKey().run().size())
                .sum();
    }

    /** Returns the memory that they take, in bytes. */
    long bytes() {
        return entries.values().stream()
                .map(PackedSlices::weights)
                .filter(Objects::nonNull)
                .mapToLong(PackedWeights::bytes)
                .sum();
    }

    /** Returns whether there is room to pack that many bytes of slices that take the place of narrower ones. */
    boolean hasRoomFor(long bytes) {
        return room.isEnoughFor(bytes);
    }

    /** Returns the memory that slices of these ranks take, in bytes. */
    long bytes(UUID deployment, List<Rank> ranks) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().layer().deployment().equals(deployment)
                        && ranks.containsAll(entry.getKey().run()))
                .map(entry -> weights(entry.getValue()))
                .filter(Objects::nonNull)
                .mapToLong(PackedWeights::bytes)
                .sum();
    }

    /** Forgets all slices of a deployment. */
    void release(UUID deployment) {
        lost.remove(deployment);
        entries.keySet().removeIf(key -> key.layer().deployment().equals(deployment));
    }

    /** Forgets one slice. */
    void release(LayerId layer, List<Rank> run) {
        entries.remove(new Key(layer, run));
    }

    /** Forgets all slices of a deployment unless one of them has been asked for lately; returns how many are kept. */
    int retire(UUID deployment) {
        long now = System.nanoTime();
        List<Map.Entry<Key, Entry>> held = entries.entrySet().stream()
                .filter(entry -> entry.getKey().layer().deployment().equals(deployment))
                .toList();
        if (held.stream().anyMatch(entry -> now - entry.getValue().askedAt < KEEP_LATELY_ASKED_NANOS)) {
            return held.size();
        }
        release(deployment);
        return 0;
    }

    /** Drops what has been elsewhere for long enough, and what no model refers to any more. */
    public void sweep() {
        if (entries.isEmpty()) {
            return;
        }
        drop(room.isShort() ? KEEP_LATELY_ASKED_NANOS : KEEP_UNUSED_NANOS);
        // The held ones are listed before the models are: a deployment that begins in between is not taken for a dead
        // one.
        List<Key> held = List.copyOf(entries.keySet());
        Collection<ModelRecord> records = models.values();
        held.stream()
                .filter(key -> records.stream()
                        .noneMatch(record ->
                                record.allSets().stream().anyMatch(set -> has(record, set, key.layer(), key.run()))))
                .forEach(entries::remove);
        lost.removeIf(deployment -> records.stream()
                .flatMap(record -> record.allSets().stream())
                .noneMatch(set -> set.deployment().equals(deployment)));
    }

    /** Drops what nobody has asked for in that time, and what is elsewhere by now or has a wider slice in its place. */
    private void drop(long unaskedNanos) {
        long now = System.nanoTime();
        entries.entrySet()
                .removeIf(entry -> now - entry.getValue().askedAt > unaskedNanos && !isCurrent(entry.getKey()));
    }

    /** Returns whether a model's set has those ranks' slices of that layer, cut in that way: anybody can ask for anything. */
    private static boolean has(ModelRecord record, ShardSet set, LayerId layer, List<Rank> run) {
        ModelDefinition model = record.definition();
        return set.deployment().equals(layer.deployment())
                && layer.expert() < model.shape().experts()
                && layer.cut() == model.cut(layer.matrix())
                && set.ranks().containsAll(run);
    }

    /** Returns whether this member still owns all the ranks of a slice, and no wider slice has taken its place. */
    private boolean isCurrent(Key key) {
        return key.run().stream().allMatch(this::isOwner)
                && entries.keySet().stream()
                        .noneMatch(other -> other.layer().equals(key.layer())
                                && other.run().size() > key.run().size()
                                && other.run().containsAll(key.run()));
    }

    /** Returns the packed weights, null while they are being read. */
    private static PackedWeights weights(Entry entry) {
        return entry.slice.getNow(Slice.without(RankStatus.MISSING)).weights();
    }

    private void begin(Key key, Entry entry) {
        try {
            loader.execute(() -> complete(key, entry));
        } catch (RejectedExecutionException e) {
            entries.remove(key, entry);
            entry.slice.complete(Slice.without(RankStatus.MOVED));
        } catch (Throwable thrown) {
            entries.remove(key, entry);
            entry.slice.complete(new Slice(RankStatus.FAILED, null, thrown.toString()));
        }
    }

    /** Whatever is thrown, nobody waits for ever: where there is no memory, there may be none to say so either. */
    private void complete(Key key, Entry entry) {
        Slice slice = NO_MEMORY;
        try {
            slice = tryToLoad(key);
        } finally {
            if (slice.status() != RankStatus.OK) {
                entries.remove(key, entry);
            }
            entry.slice.complete(slice);
        }
        if (slice == NO_MEMORY) {
            LOGGER.log(Level.WARNING, "no memory for the weights of " + key);
        }
    }

    private Slice tryToLoad(Key key) {
        try {
            if (room.isShort()) {
                drop(KEEP_LATELY_ASKED_NANOS);
            }
            return load(key.layer(), key.run());
        } catch (OutOfMemoryError e) {
            return NO_MEMORY;
        } catch (Throwable thrown) {
            Throwable cause = Faults.unwrap(thrown);
            boolean passing = Faults.mayPass(cause, hazelcast)
                    || cause instanceof TimeoutException
                    || !hazelcast.getLifecycleService().isRunning();
            boolean refused = StoreFailure.isBehind(cause);
            LOGGER.log(passing || refused ? Level.DEBUG : Level.WARNING, "cannot read the weights of " + key, cause);
            String message = refused ? cause.getMessage() : cause.toString();
            return new Slice(passing ? RankStatus.MOVED : RankStatus.FAILED, null, message);
        }
    }

    private Slice load(LayerId layer, List<Rank> run) throws Exception {
        List<LinearWeights> parts = new ArrayList<>();
        for (Rank rank : run) {
            List<ShardTile> tiles = new ArrayList<>();
            int count = 1;
            for (int tile = 0; tile < count; tile++) {
                if (!isOwner(rank)) {
                    return Slice.without(RankStatus.MOVED);
                }
                ShardKey key = layer.key(rank, tile);
                ShardTile read = read(key);
                if (read == null) {
                    return isOwner(rank) ? missing(layer, rank, key) : Slice.without(RankStatus.MOVED);
                }
                tiles.add(read);
                count = read.tiles();
            }
            parts.add(ShardTile.join(tiles));
        }
        LinearWeights slice = parts.size() == 1 ? parts.get(0) : layer.cut().join(parts);
        return new Slice(RankStatus.OK, packing.apply(slice), "");
    }

    private ShardTile read(ShardKey key) throws Exception {
        return shards.getAsync(key).toCompletableFuture().get(READ_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Tells weights that are not there from weights that will not come back: the latter only where no partition is on its way, where
     * most of the members that they were spread over are still together (a member that was cut off from the others sees their
     * weights missing too, until it is with them again), and where they are not there even so.
     */
    private Slice missing(LayerId layer, Rank rank, ShardKey key) throws Exception {
        boolean certain = isExpected(layer, rank)
                && hazelcast.getPartitionService().isClusterSafe()
                && isOwner(rank)
                && read(key) == null;
        if (!certain) {
            return Slice.without(RankStatus.MISSING);
        }
        if (lost.add(key.deployment())) {
            LOGGER.log(Level.WARNING, "weights are lost: no member and no store has " + key);
        }
        return new Slice(RankStatus.LOST, null, "no member and no store has " + key);
    }

    /** Returns whether a model answers from the set that has these weights, and most of the members that it was spread over are here. */
    private boolean isExpected(LayerId layer, Rank rank) {
        int members = DataMembers.of(hazelcast).size();
        return models.values().stream()
                .filter(ModelRecord::isReady)
                .anyMatch(record -> has(record, record.shards(), layer, List.of(rank)) && record.isTogether(members));
    }

    private boolean isOwner(Rank rank) {
        var owner = hazelcast
                .getPartitionService()
                .getPartition(rank.partitionKey())
                .getOwner();
        return owner != null && owner.localMember();
    }
}
