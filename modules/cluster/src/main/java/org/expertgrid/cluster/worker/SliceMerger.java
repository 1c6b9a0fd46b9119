package org.expertgrid.cluster.worker;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.LayerId;
import org.expertgrid.cluster.layout.MatrixRole;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.wire.RankStatus;

/**
 * Packs neighbouring ranks anew as one slice that have come to a member one after the other: tasks are answered from the pieces until
 * it is there, and faster from then on. Where there is no room for both, the pieces stay.
 *
 * <p>Tasks may note what they need at any time; merging is for one thread.
 */
public final class SliceMerger {
    private static final long MERGE_MILLIS = 60_000;

    private final IMap<String, ModelRecord> models;
    private final PackedSlices slices;
    private final long settledNanos;
    private final Map<Wanted, Long> wanted = new ConcurrentHashMap<>();

    /**
     * Merges a member's slices.
     *
     * @param settled how long after it was first wanted: by then partitions that were on the move have mostly arrived
     */
    SliceMerger(HazelcastInstance hazelcast, PackedSlices slices, Duration settled) {
        this.settledNanos = settled.toNanos();
        this.models = hazelcast.getMap(GridNames.MODELS);
        this.slices = slices;
    }

    private record Wanted(UUID deployment, List<Rank> run) {}

    /** Takes note that neighbours are answered for in pieces. */
    void want(UUID deployment, List<Rank> run) {
        wanted.computeIfAbsent(new Wanted(deployment, run), key -> System.nanoTime());
    }

    /** Merges what has been wanted for long enough. */
    public void merge() {
        long now = System.nanoTime();
        wanted.forEach((one, since) -> {
            if (now - since > settledNanos) {
                wanted.remove(one);
                if (!slices.hasRoomFor(slices.bytes(one.deployment(), one.run()))) {
                    return;
                }
                models.values().stream()
                        .filter(record -> record.shards().deployment().equals(one.deployment()))
                        .forEach(record -> merge(record.definition(), one));
            }
        });
    }

    /**
     * The layer by which tasks tell whether a run is there comes last, so that they do not wait for the others. Where it does not come
     * to that, the others have been merged for nothing.
     */
    private void merge(ModelDefinition model, Wanted one) {
        List<LayerId> merged = new ArrayList<>();
        for (int e = model.shape().experts() - 1; e >= 0; e--) {
            List<MatrixRole> matrices = model.kind().matrices();
            for (int m = matrices.size() - 1; m >= 0; m--) {
                MatrixRole matrix = matrices.get(m);
                LayerId layer = new LayerId(one.deployment(), e, matrix, model.cut(matrix));
                if (slices.get(layer, one.run(), Deadline.inMillis(MERGE_MILLIS))
                                .status()
                        != RankStatus.OK) {
                    merged.forEach(done -> slices.release(done, one.run()));
                    return;
                }
                merged.add(layer);
            }
        }
    }
}
