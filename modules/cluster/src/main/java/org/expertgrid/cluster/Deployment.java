package org.expertgrid.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.lang.System.Logger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.expertgrid.cluster.WorkerRequest.InitializeLayer;
import org.expertgrid.cluster.WorkerRequest.LayerId;
import org.expertgrid.cluster.WorkerRequest.Rank;
import org.expertgrid.cluster.WorkerRequest.Release;
import org.expertgrid.experts.ExpertgridException;
import org.expertgrid.experts.LinearWeights;

/**
 * Puts a model's weights into the grid and takes them out again.
 *
 * <p>The record is written twice: as DEPLOYING before the first shard, which claims the name, and as READY when every shard has
 * been written and packed by its owner. In between nobody can connect; if it fails, what has been written is removed.
 */
final class Deployment {
    private static final Logger LOGGER = System.getLogger(Deployment.class.getName());
    /** Each with a tile of 8 MiB at the most. */
    private static final int OPERATIONS_IN_FLIGHT = 6;
    /** For one layer of one expert. */
    private static final long INITIALIZE_MILLIS = 60_000;

    private final HazelcastInstance hazelcast;
    private final IMap<String, ModelRecord> models;
    private final IMap<ShardKey, ShardTile> shards;
    private final String name;

    Deployment(HazelcastInstance hazelcast, String name) {
        this.hazelcast = hazelcast;
        this.models = hazelcast.getMap(ExpertgridConfig.MODELS);
        this.shards = hazelcast.getMap(ExpertgridConfig.SHARDS);
        this.name = name;
    }

    /** Returns the record under this name, which must be READY and of the given kind. */
    ModelRecord find(ModelRecord.Kind kind) {
        Members.describe(hazelcast);
        ModelRecord record = models.get(name);
        if (record == null) {
            throw notFound();
        }
        if (record.state() != ModelRecord.State.READY) {
            throw new ModelNotReadyException("model '" + name
                    + "': still being deployed, or its deployment ended half-way (expected: READY; wait, or undeploy it and"
                    + " deploy again)");
        }
        if (record.kind() != kind) {
            throw new IllegalArgumentException("model '" + name + "': a " + record.kind().description + " (expected: a "
                    + kind.description + "; use " + record.kind().className + ".connect)");
        }
        return record;
    }

    /**
     * Writes the shards of a model and returns its record, READY.
     *
     * @param claim the model as it will be, without a placement and DEPLOYING
     * @param expert gives the layers of an expert, FC1 first; called once for each expert, ascending
     */
    ModelRecord deploy(
            ModelRecord claim, int ranks, IntFunction<List<LinearWeights>> expert, DeploymentProgress progress) {
        Members.describe(hazelcast);
        ModelRecord deploying = claim.placedAt(Placement.of(hazelcast, ranks));
        ModelRecord before = models.putIfAbsent(name, deploying);
        // A retried putIfAbsent may find its own record.
        if (before != null && !before.deployment().equals(deploying.deployment())) {
            throw new ModelExistsException("model '" + name + "': " + before.state()
                    + " already (expected: a free name; undeploy it first or choose another)");
        }
        try {
            int experts = claim.shape().experts();
            for (int e = 0; e < experts; e++) {
                write(deploying, e, expert.apply(e));
                progress.deployed(e + 1, experts);
            }
            if (!models.replace(name, deploying, deploying.ready()) && !isReady(deploying.deployment())) {
                throw new ModelNotFoundException("model '" + name + "': undeployed while it was being deployed");
            }
            return deploying.ready();
        } catch (Throwable thrown) {
            removeAfter(thrown, deploying);
            throw thrown;
        }
    }

    /** A replace that was retried after its owner was lost may find its own record. */
    private boolean isReady(UUID deployment) {
        ModelRecord now = models.get(name);
        return now != null && now.deployment().equals(deployment) && now.state() == ModelRecord.State.READY;
    }

    /** Removes the model of this name, whatever its state and kind. */
    void undeploy() {
        ModelRecord record = models.get(name);
        if (record == null) {
            throw notFound();
        }
        remove(record);
    }

    /** Removes a model, whose name may have been taken anew since, and its shards. */
    void remove(ModelRecord record) {
        // The record goes first: nobody connects any more, and whoever finds weights missing learns why.
        if (!models.remove(name, record)) {
            models.remove(name, record.ready());
        }
        release(record);
        try {
            delete(record);
        } catch (ExpertgridException e) {
            // A member that was lost in between took its operations with it; nobody else would ever delete these
            // shards.
            delete(record);
        }
    }

    /** Has members forget what they hold packed now; those that cannot be asked find out by themselves. */
    private void release(ModelRecord record) {
        try {
            Members.ask(hazelcast, new Release(record.deployment()));
        } catch (ExpertgridException e) {
            LOGGER.log(Logger.Level.INFO, "not every member was told that model '" + name + "' is gone", e);
        }
    }

    private void delete(ModelRecord record) {
        Pipeline deletions = new Pipeline();
        for (int e = 0; e < record.shape().experts(); e++) {
            for (MatrixRole matrix : record.kind().matrices()) {
                for (int rank = 0; rank < record.ranks(); rank++) {
                    SliceShape slice = record.slice(matrix, rank);
                    int tiles = ShardTile.count(record.elementType(), slice.inputs(), slice.outputs());
                    for (int tile = 0; tile < tiles; tile++) {
                        deletions.add(shards.deleteAsync(record.key(e, matrix, rank, tile)));
                    }
                }
            }
        }
        deletions.finish();
    }

    private void write(ModelRecord record, int expert, List<LinearWeights> layers) {
        List<MatrixRole> matrices = record.kind().matrices();
        Pipeline writes = new Pipeline();
        for (int m = 0; m < matrices.size(); m++) {
            for (int rank = 0; rank < record.ranks(); rank++) {
                Cut cut = record.exchange().cut(matrices.get(m));
                List<ShardTile> tiles = ShardTile.cut(cut.slice(layers.get(m), rank, record.ranks()));
                for (int tile = 0; tile < tiles.size(); tile++) {
                    writes.add(shards.setAsync(record.key(expert, matrices.get(m), rank, tile), tiles.get(tile)));
                }
            }
        }
        writes.finish();
        matrices.forEach(matrix -> initialize(record, expert, matrix));
    }

    private void initialize(ModelRecord record, int expert, MatrixRole matrix) {
        Dispatcher dispatcher = new Dispatcher(
                hazelcast,
                name,
                record.placement(),
                () -> checkStillThere(record.deployment()),
                new ForwardCounters(record.shape().experts()));
        LayerId layer = record.layer(expert, matrix);
        List<Dispatcher.Part> parts =
                dispatcher.dispatch(ranks -> new InitializeLayer(layer, ranks), Deadline.inMillis(INITIALIZE_MILLIS));
        for (Dispatcher.Part part : parts) {
            List<List<Rank>> runs = Rank.runs(part.ranks());
            for (int i = 0; i < runs.size(); i++) {
                long width = part.reply().numbers().get(i);
                int expected = record.width(matrix, runs.get(i));
                if (width != expected) {
                    throw new ExpertgridException("model '" + name + "', expert " + expert + ", " + matrix + ", "
                            + runs.get(i) + ": width " + width + " (expected: " + expected + ")");
                }
            }
        }
    }

    private void removeAfter(Throwable thrown, ModelRecord record) {
        try {
            remove(record);
        } catch (RuntimeException alsoThrown) {
            thrown.addSuppressed(alsoThrown);
        }
    }

    /** Map operations of which only some are under way at the same time; one that fails does not keep the others from ending. */
    private static final class Pipeline {
        private final Deque<CompletableFuture<?>> running = new ArrayDeque<>();
        private Throwable failure;

        void add(CompletionStage<?> operation) {
            running.add(operation.toCompletableFuture());
            if (running.size() >= OPERATIONS_IN_FLIGHT) {
                await(running.remove());
            }
        }

        /** Returns when all have ended; throws if one of them failed. */
        void finish() {
            while (!running.isEmpty()) {
                await(running.remove());
            }
            if (failure != null) {
                throw new ExpertgridException("the grid refused a shard: " + failure, failure);
            }
        }

        private void await(CompletableFuture<?> operation) {
            try {
                operation.join();
            } catch (CompletionException | CancellationException e) {
                failure = e.getCause() == null ? e : e.getCause();
            }
        }
    }

    /** Throws where the deployment is no longer the one under this name. */
    void checkStillThere(UUID deployment) {
        ModelRecord now = models.get(name);
        if (now == null || !now.deployment().equals(deployment)) {
            throw notFound();
        }
    }

    private ModelNotFoundException notFound() {
        return new ModelNotFoundException("model '" + name + "': not deployed (expected: one of "
                + models.keySet().stream().sorted().toList() + ")");
    }
}
