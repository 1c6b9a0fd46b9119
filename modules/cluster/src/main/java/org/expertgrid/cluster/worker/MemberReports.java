package org.expertgrid.cluster.worker;

import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.Migrations;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.models.DeployedSets;
import org.expertgrid.cluster.models.DeployedSets.Deployed;
import org.expertgrid.cluster.shards.HeldTiles;
import org.expertgrid.cluster.wire.MemberReport;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.cluster.wire.RanksReport;
import org.expertgrid.cluster.wire.Report;

/** Makes the reports of a member: of itself, and of the ranks that it can answer for. Safe for use by many threads. */
final class MemberReports {
    private static final long EXAMINE_MILLIS = 2_000;

    private final HazelcastInstance hazelcast;
    private final DeployedSets deployed;
    private final HeldTiles held;
    private final TileReader tiles;
    private final HeapRoom room = HeapRoom.ofThisJvm();
    private final WorkerCounters counters;
    private final Migrations migrations;
    private final Supplier<List<String>> missing;

    /** Takes what names the parts that the member's configuration lacks. */
    MemberReports(
            HazelcastInstance hazelcast,
            DeployedSets deployed,
            HeldTiles held,
            TileReader tiles,
            WorkerCounters counters,
            Migrations migrations,
            Supplier<List<String>> missing) {
        this.hazelcast = hazelcast;
        this.deployed = deployed;
        this.held = held;
        this.tiles = tiles;
        this.counters = counters;
        this.migrations = migrations;
        this.missing = missing;
    }

    /** Returns what the member is and holds, and what its configuration lacks. */
    MemberReport ofMember() {
        Runtime runtime = Runtime.getRuntime();
        LongAdder count = new LongAdder();
        LongAdder primaries = new LongAdder();
        LongAdder backups = new LongAdder();
        // Hazelcast does not count the bytes of objects in a map.
        held.forEach((key, tile) -> {
            count.increment();
            (tiles.isOwner(key) ? primaries : backups).add(tile.bytes());
        });
        return new MemberReport(
                counters.getKernels(),
                runtime.availableProcessors(),
                runtime.totalMemory() - runtime.freeMemory(),
                runtime.maxMemory(),
                room.capacity(),
                room.regionBytes(),
                ProcessHandle.current().pid(),
                backups(),
                count.intValue(),
                primaries.sum(),
                backups.sum(),
                counters.tasks.sum(),
                counters.decodingNanos.sum(),
                counters.computingNanos.sum(),
                counters.encodingNanos.sum(),
                isStored(GridNames.SHARDS) && isStored(GridNames.MODELS),
                missing.get());
    }

    /** Returns how much room is left for weights, where so many bytes are asked for. */
    Report.Room room(long asked) {
        return new Report.Room(room.left(tileBytes(), asked));
    }

    /** Returns how many bytes tasks may take before their turn comes. */
    long roomForTasks() {
        return MemberReport.roomForTasks(room.maximum(), tileBytes());
    }

    private long tileBytes() {
        LongAdder bytes = new LongAdder();
        held.forEach((key, tile) -> bytes.add(tile.bytes()));
        return bytes.sum();
    }

    private int backups() {
        return hazelcast.getConfig().getMapConfig(GridNames.SHARDS).getTotalBackupCount();
    }

    private boolean isStored(String map) {
        return hazelcast.getConfig().getMapConfig(map).getMapStoreConfig().isEnabled();
    }

    /** Returns the ranks of all deployments whose tiles are all in this member's own partitions, and how its partitions are. */
    RanksReport ofRanks() {
        boolean inStore = isStored(GridNames.SHARDS);
        Deadline deadline = Deadline.inMillis(EXAMINE_MILLIS);
        Map<UUID, List<Integer>> served = new HashMap<>();
        for (Deployed set : deployed.all()) {
            if (set.answers()) {
                List<Integer> ranks = set.set().ranks().stream()
                        .filter(rank -> inStore || isServed(set, rank, deadline))
                        .map(Rank::number)
                        .toList();
                served.put(set.set().deployment(), ranks);
            }
        }
        return new RanksReport(
                hazelcast.getPartitionService().isLocalMemberSafe(), migrations.remaining(), backups(), served);
    }

    /**
     * Returns the ranks of a deployment of which this member has all tiles, as owner or backup. Asks no other member.
     *
     * @param warm whether nothing is left to warm up for the deployment
     */
    Report.Held held(UUID deployment, boolean warm) {
        return new Report.Held(
                warm,
                deployed.known(deployment).stream()
                        .flatMap(set -> set.set().ranks().stream().filter(rank -> isHeld(set, rank)))
                        .map(Rank::number)
                        .toList());
    }

    private boolean isHeld(Deployed set, Rank rank) {
        AtomicBoolean all = new AtomicBoolean(true);
        set.set().forEachKey(set.definition(), rank.number(), key -> {
            if (all.get() && tiles.held(key) == null) {
                all.set(false);
            }
        });
        return all.get();
    }

    private boolean isServed(Deployed set, Rank rank, Deadline deadline) {
        List<ShardKey> unknown = new ArrayList<>();
        set.set().forEachKey(set.definition(), rank.number(), key -> {
            if (tiles.held(key) == null || !tiles.isOwner(key)) {
                unknown.add(key);
            }
        });
        return unknown.isEmpty() || tiles.read(set, unknown, false, deadline).status() == RankStatus.OK;
    }
}
