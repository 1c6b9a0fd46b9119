package org.expertgrid.cluster.shards;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.expertgrid.cluster.errors.WeightsLostException;
import org.expertgrid.cluster.grid.Faults;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.ExpertRange;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardKey;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.layout.TileSizes;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.ranks.RankSlice;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.WeightTile;

/**
 * The map of shards, and what is done with many of them: a few at a time, so that neither side holds more than that.
 *
 * <p>Safe for use by many threads.
 */
public final class ShardMap {
    /** Each with up to 1 MiB of tiles, or with one tile, which has at most 8 MiB. */
    private static final int OPERATIONS_IN_FLIGHT = 6;

    /** The most weights that are written with one operation, unless one tile has more. */
    private static final long BYTES_OF_WRITE = 1 << 20;

    /** A shard is the same however often it is written, so what a lost member took with it is simply done again. */
    private static final int TRIES = 8;

    private static final long FIRST_PAUSE_MILLIS = 50;

    private final HazelcastInstance hazelcast;
    private final IMap<ShardKey, WeightTile> shards;

    public ShardMap(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.shards = hazelcast.getMap(GridNames.SHARDS);
    }

    /**
     * Packs the slices of experts and writes their tiles.
     *
     * @param layer the layer that the experts are of
     * @param matrices returns the matrices of an expert; asked once for each, in ascending order
     */
    public void write(
            ModelDefinition model,
            ShardSet set,
            LayerDefinition layer,
            ExpertRange experts,
            IntFunction<List<LinearWeights>> matrices) {
        try (Pipeline pipeline = new Pipeline()) {
            Writes writes = new Writes(pipeline);
            experts.stream().forEach(expert -> write(model, set, layer, expert, matrices.apply(expert), writes));
            writes.finish();
        }
    }

    private static void write(
            ModelDefinition model,
            ShardSet set,
            LayerDefinition layer,
            int expert,
            List<LinearWeights> matrices,
            Writes writes) {
        List<MatrixRole> roles = layer.roles(expert);
        for (int m = 0; m < roles.size(); m++) {
            MatrixRole matrix = roles.get(m);
            for (int rank = 0; rank < model.ranks(); rank++) {
                LinearWeights slice = new RankSlice(rank, model.ranks()).of(matrices.get(m), model.cut(matrix));
                int tileBytes = TileSizes.tileBytes(model.slice(layer, expert, matrix, rank));
                List<WeightTile> tiles = PackedWeights.pack(slice.weight(), slice.bias(), tileBytes)
                        .tiles();
                for (int tile = 0; tile < tiles.size(); tile++) {
                    writes.add(set.key(layer.index(), expert, matrix, rank, tile), tiles.get(tile));
                }
            }
        }
    }

    /** Writes the shards of experts into another set, as they are in this one. */
    public void copy(ModelDefinition model, ShardSet from, ShardSet to, LayerDefinition layer, ExpertRange experts) {
        try (Pipeline copies = new Pipeline()) {
            experts.stream()
                    .forEach(expert -> forEach(model, layer, expert, (matrix, rank, tile) -> {
                        ShardKey source = from.key(layer.index(), expert, matrix, rank, tile);
                        ShardKey target = to.key(layer.index(), expert, matrix, rank, tile);
                        copies.add(() -> shards.getAsync(source).thenCompose(value -> {
                            if (value == null) {
                                throw new WeightsLostException(
                                        "shard " + source + ": not there (expected: a complete model)", null);
                            }
                            return shards.setAsync(target, value);
                        }));
                    }));
            copies.finish();
        }
    }

    /** Removes all shards of a set; those that are not there are no problem. */
    public void delete(ModelDefinition model, ShardSet set) {
        try (Pipeline deletions = new Pipeline()) {
            for (LayerDefinition layer : model.layers()) {
                for (int e = 0; e < layer.shape().allExperts(); e++) {
                    int expert = e;
                    forEach(model, layer, expert, (matrix, rank, tile) -> {
                        ShardKey key = set.key(layer.index(), expert, matrix, rank, tile);
                        deletions.add(() -> shards.deleteAsync(key));
                    });
                }
            }
            deletions.finish();
        }
    }

    private interface TileAction {
        void accept(MatrixRole matrix, int rank, int tile);
    }

    private static void forEach(ModelDefinition model, LayerDefinition layer, int expert, TileAction action) {
        for (MatrixRole matrix : layer.roles(expert)) {
            for (int rank = 0; rank < model.ranks(); rank++) {
                int tiles = model.tiles(layer, expert, matrix, rank);
                for (int tile = 0; tile < tiles; tile++) {
                    action.accept(matrix, rank, tile);
                }
            }
        }
    }

    /** Writes of tiles: small ones together, because an operation costs more than to write a small tile. */
    private final class Writes {
        private final Pipeline pipeline;
        private Map<ShardKey, WeightTile> together = new HashMap<>();
        private long bytes;

        Writes(Pipeline pipeline) {
            this.pipeline = pipeline;
        }

        void add(ShardKey key, WeightTile tile) {
            if (!together.isEmpty() && bytes + tile.bytes() > BYTES_OF_WRITE) {
                write();
            }
            together.put(key, tile);
            bytes += tile.bytes();
        }

        private void write() {
            Map<ShardKey, WeightTile> written = together;
            pipeline.add(() -> shards.setAllAsync(written));
            together = new HashMap<>();
            bytes = 0;
        }

        void finish() {
            write();
            pipeline.finish();
        }
    }

    private interface Operation {
        CompletionStage<?> start();
    }

    private record Running(Operation operation, CompletableFuture<?> future) {}

    /** Map operations of which only some are under way at the same time; one that fails does not keep the others from ending. */
    private final class Pipeline implements AutoCloseable {
        private final Deque<Running> running = new ArrayDeque<>();
        private Throwable failure;

        void add(Operation operation) {
            running.add(new Running(operation, operation.start().toCompletableFuture()));
            if (running.size() >= OPERATIONS_IN_FLIGHT) {
                await(running.remove());
            }
        }

        /** Returns when all have ended; throws if one of them failed. */
        void finish() {
            while (!running.isEmpty()) {
                await(running.remove());
            }
            if (failure instanceof ExpertgridException ours) {
                throw ours;
            }
            if (failure != null) {
                throw new ExpertgridException("the grid refused a shard: " + failure, failure);
            }
        }

        /** Returns when all have ended, so that none writes what is removed after a failure. */
        @Override
        public void close() {
            while (!running.isEmpty()) {
                failureOf(running.remove().future());
            }
        }

        private void await(Running one) {
            Throwable thrown = failureOf(one.future());
            for (int tries = 1; thrown != null && tries < TRIES && Faults.mayPass(thrown, hazelcast); tries++) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FIRST_PAUSE_MILLIS << tries));
                thrown = failureOf(one.operation().start().toCompletableFuture());
            }
            failure = thrown == null ? failure : thrown;
        }

        private static Throwable failureOf(CompletableFuture<?> operation) {
            try {
                operation.join();
                return null;
            } catch (CompletionException | CancellationException e) {
                return e.getCause() == null ? e : e.getCause();
            }
        }
    }
}
