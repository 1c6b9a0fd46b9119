package org.expertgrid.cluster.worker;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.LocalMapStats;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.Migrations;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.shards.ShardTile;
import org.expertgrid.cluster.wire.MemberReport;
import org.expertgrid.cluster.wire.RanksReport;

/** Makes the reports of a member: of itself, and of the ranks that it can answer for. Safe for use by many threads. */
final class MemberReports {
    private final HazelcastInstance hazelcast;
    private final IMap<ShardKey, ShardTile> shards;
    private final IMap<String, ModelRecord> models;
    private final Migrations migrations;
    private final PackedSlices slices;
    private final WorkerCounters counters;
    private final Supplier<List<String>> missing;

    /** Takes what names the parts that the member's configuration lacks. */
    MemberReports(
            HazelcastInstance hazelcast, PackedSlices slices, WorkerCounters counters, Supplier<List<String>> missing) {
        this.hazelcast = hazelcast;
        this.slices = slices;
        this.counters = counters;
        this.missing = missing;
        this.shards = hazelcast.getMap(GridNames.SHARDS);
        this.models = hazelcast.getMap(GridNames.MODELS);
        this.migrations = Migrations.of(hazelcast);
    }

    /** Returns what the member is and holds, and what its configuration lacks. */
    MemberReport ofMember() {
        LocalMapStats stats = shards.getLocalMapStats();
        Runtime runtime = Runtime.getRuntime();
        return new MemberReport(
                counters.getKernels(),
                runtime.availableProcessors(),
                runtime.totalMemory() - runtime.freeMemory(),
                runtime.maxMemory(),
                slices.count(),
                slices.bytes(),
                stats.getOwnedEntryMemoryCost(),
                stats.getBackupEntryMemoryCost(),
                counters.tasks.sum(),
                counters.decodingNanos.sum(),
                counters.computingNanos.sum(),
                counters.encodingNanos.sum(),
                isStored(GridNames.SHARDS) && isStored(GridNames.MODELS),
                missing.get());
    }

    private boolean isStored(String map) {
        return hazelcast.getConfig().getMapConfig(map).getMapStoreConfig().isEnabled();
    }

    /** Returns the ranks of all deployments whose shards are all in this member's own partitions, and how its partitions are. */
    RanksReport ofRanks() {
        Map<UUID, Map<Integer, Integer>> tiles = new HashMap<>();
        shards.localKeySet()
                .forEach(key -> tiles.computeIfAbsent(key.deployment(), deployment -> new HashMap<>())
                        .merge(key.rank(), 1, Integer::sum));
        boolean inStore = isStored(GridNames.SHARDS);
        Map<UUID, List<Integer>> served = new HashMap<>();
        for (ModelRecord record : models.values()) {
            UUID deployment = record.shards().deployment();
            Map<Integer, Integer> ofDeployment = tiles.getOrDefault(deployment, Map.of());
            List<Integer> ranks = IntStream.range(0, record.definition().ranks())
                    .filter(rank -> inStore || ofDeployment.getOrDefault(rank, 0) == tiles(record.definition(), rank))
                    .boxed()
                    .toList();
            served.put(deployment, ranks);
        }
        return new RanksReport(
                hazelcast.getPartitionService().isLocalMemberSafe(),
                migrations.remaining(),
                hazelcast.getConfig().getMapConfig(GridNames.SHARDS).getTotalBackupCount(),
                served);
    }

    private static int tiles(ModelDefinition model, int rank) {
        return model.kind().matrices().stream()
                        .mapToInt(matrix -> model.tiles(matrix, rank))
                        .sum()
                * model.shape().experts();
    }
}
