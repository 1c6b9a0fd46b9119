package org.expertgrid.cluster.worker;

import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.LocalMapStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.grid.Migrations;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.shards.ShardTile;
import org.expertgrid.cluster.status.MemberStatus;
import org.expertgrid.cluster.status.ModelHealth;
import org.expertgrid.cluster.wire.WorkerReply;

/** What a member can say of itself, for {@link MemberStatus}, and of the weights that it should hold, for {@link ModelHealth}. */
final class MemberReports {
    private final HazelcastInstance hazelcast;
    private final IMap<ShardKey, ShardTile> shards;
    private final IMap<String, ModelRecord> models;
    private final Migrations migrations;
    private final PackedSlices slices;
    private final WorkerCounters counters;

    MemberReports(HazelcastInstance hazelcast, PackedSlices slices, WorkerCounters counters) {
        this.hazelcast = hazelcast;
        this.slices = slices;
        this.counters = counters;
        this.shards = hazelcast.getMap(ExpertgridConfig.SHARDS);
        this.models = hazelcast.getMap(ExpertgridConfig.MODELS);
        this.migrations = Migrations.of(hazelcast);
    }

    /** Returns what the member is and holds, and what its configuration lacks. */
    WorkerReply ofMember() {
        LocalMapStats stats = shards.getLocalMapStats();
        Runtime runtime = Runtime.getRuntime();
        List<Long> numbers = MemberStatus.numbers(
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
                ExpertgridConfig.stores(hazelcast.getConfig()) ? 1 : 0);
        List<String> lines = new ArrayList<>();
        lines.add(counters.getKernels());
        lines.addAll(ExpertgridConfig.missingFrom(hazelcast.getConfig()));
        return new WorkerReply(List.of(), String.join("\n", lines), numbers, null);
    }

    /** Returns the ranks whose shards are all in this member's own partitions, and how its partitions are. */
    WorkerReply ofRanks(UUID deployment) {
        MapConfig config = hazelcast.getConfig().getMapConfig(ExpertgridConfig.SHARDS);
        boolean inStore = config.getMapStoreConfig().isEnabled();
        Map<Integer, Integer> tiles = new HashMap<>();
        shards.localKeySet().stream()
                .filter(key -> key.deployment().equals(deployment))
                .forEach(key -> tiles.merge(key.rank(), 1, Integer::sum));
        List<Long> served = models.values().stream()
                .filter(record -> record.shards().deployment().equals(deployment))
                .flatMapToLong(record -> LongStream.range(0, record.definition().ranks())
                        .filter(rank ->
                                inStore || tiles.getOrDefault((int) rank, 0) == tiles(record.definition(), (int) rank)))
                .boxed()
                .toList();
        boolean safe = hazelcast.getPartitionService().isLocalMemberSafe();
        return WorkerReply.ok(
                0, ModelHealth.numbers(safe, migrations.remaining(), config.getTotalBackupCount(), served), null);
    }

    private static int tiles(ModelDefinition model, int rank) {
        return model.kind().matrices().stream()
                        .mapToInt(matrix -> model.tiles(matrix, rank))
                        .sum()
                * model.shape().experts();
    }
}
