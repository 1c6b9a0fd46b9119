package org.expertgrid.cluster;

import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;

/** What a member can say of the weights that it should hold, for {@link ModelHealth}. */
final class Examination {
    private final HazelcastInstance hazelcast;
    private final IMap<ShardKey, ShardTile> shards;
    private final IMap<String, ModelRecord> models;
    private final Migrations migrations;

    Examination(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.shards = hazelcast.getMap(ExpertgridConfig.SHARDS);
        this.models = hazelcast.getMap(ExpertgridConfig.MODELS);
        this.migrations = Migrations.of(hazelcast);
    }

    /** Returns the ranks whose shards are all in this member's own partitions, and how its partitions are. */
    WorkerReply of(UUID deployment) {
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
