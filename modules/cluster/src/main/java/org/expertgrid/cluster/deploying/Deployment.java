package org.expertgrid.cluster.deploying;

import com.hazelcast.core.HazelcastInstance;
import java.lang.System.Logger;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import org.expertgrid.cluster.dispatch.Dispatcher;
import org.expertgrid.cluster.dispatch.ForwardCounters;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.errors.ModelExistsException;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.errors.ModelNotReadyException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.LayerId;
import org.expertgrid.cluster.layout.MatrixRole;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.models.Claim;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.Removals;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.shards.ShardMap;
import org.expertgrid.cluster.wire.Report;
import org.expertgrid.cluster.wire.WorkerRequest.InitializeLayer;
import org.expertgrid.cluster.wire.WorkerRequest.Release;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.weights.LinearWeights;

/**
 * Puts a model's weights into the grid and takes them out again.
 *
 * <p>The record is written twice: as DEPLOYING before the first shard, which claims the name, and as READY when every shard has
 * been written and packed by its owner. In between nobody can connect; if it fails, what has been written is removed, and if whoever
 * deploys dies, by the members. Removing marks the record first and removes it last, so that whoever dies in between leaves no shard
 * that nobody knows of.
 */
public final class Deployment {
    private static final Logger LOGGER = System.getLogger(Deployment.class.getName());
    /** For one layer of one expert. */
    private static final long INITIALIZE_MILLIS = 60_000;

    private static final long REMOVE_MILLIS = 10_000;

    private final HazelcastInstance hazelcast;
    private final MemberCalls members;
    private final ModelMap models;
    private final ShardMap shards;
    private final Removals removals;
    private final String name;

    public Deployment(HazelcastInstance hazelcast, String name) {
        this.hazelcast = hazelcast;
        this.members = new MemberCalls(hazelcast);
        this.models = new ModelMap(hazelcast);
        this.shards = new ShardMap(hazelcast);
        this.removals = new Removals(hazelcast);
        this.name = name;
    }

    /** Returns the record under this name, which must be READY and of the given kind. */
    public ModelRecord find(ModelDefinition.Kind kind) {
        members.describe();
        ModelRecord record = ready();
        ModelDefinition.Kind found = record.definition().kind();
        if (found != kind) {
            throw new IllegalArgumentException("model '" + name + "': a " + found.description + " (expected: a "
                    + kind.description + "; use " + found.className + ".connect)");
        }
        return record;
    }

    /** Returns the record under this name, which must be READY. */
    ModelRecord ready() {
        ModelRecord record = models.get(name);
        if (isGone(record)) {
            throw notFound();
        }
        if (!record.isReady()) {
            throw new ModelNotReadyException("model '" + name
                    + "': still being deployed, or its deployment ended half-way (expected: READY; wait, or undeploy it and"
                    + " deploy again)");
        }
        return record;
    }

    /**
     * Returns the record of a model as it is now, or as it was known where that cannot be told: the smaller part of a torn cluster may
     * have no copy of it.
     *
     * @throws ModelNotFoundException if it has been undeployed, also where another one has its name
     */
    public ModelRecord current(ModelRecord known) {
        ModelRecord now = models.get(name);
        if (now == null && !known.isTogether(DataMembers.of(hazelcast).size()) && !removals.contains(known.id())) {
            return known;
        }
        if (isGone(now) || !now.id().equals(known.id())) {
            throw notFound();
        }
        return now;
    }

    /**
     * Writes the shards of a model and returns its record, READY.
     *
     * @param expert gives the layers of an expert, FC1 first; called once for each expert, ascending
     */
    public ModelRecord deploy(
            ModelDefinition definition, IntFunction<List<LinearWeights>> expert, DeploymentProgress progress) {
        ExpectedWeights.checkRouter(definition);
        MemberCalls.checkStores(members.describe());
        ModelRecord deploying = ModelRecord.deploying(definition, Placement.place(hazelcast, definition.ranks()));
        claimName(deploying);
        try (Claim claim = new Claim(models, name, deploying)) {
            int experts = definition.shape().experts();
            for (int e = 0; e < experts; e++) {
                List<LinearWeights> layers = expert.apply(e);
                ExpectedWeights.checkLayers(definition, e, layers);
                claim.check();
                shards.write(definition, deploying.shards(), e, layers);
                initialize(deploying, deploying.shards(), e);
                progress.deployed(e + 1, experts);
            }
            return claim.change(ModelRecord::ready);
        } catch (Throwable thrown) {
            removeAfter(thrown, deploying);
            throw thrown;
        }
    }

    private void claimName(ModelRecord deploying) {
        ModelRecord before;
        try {
            before = models.putIfAbsent(name, deploying);
        } catch (Throwable thrown) {
            // There are no shards yet.
            try {
                remove(deploying.id());
            } catch (RuntimeException alsoThrown) {
                thrown.addSuppressed(alsoThrown);
            }
            throw thrown;
        }
        if (before != null) {
            throw new ModelExistsException("model '" + name + "': " + before.state()
                    + " already (expected: a free name; undeploy it first or choose another)");
        }
    }

    /** Removes the model of this name, whatever its state and kind. */
    public void undeploy() {
        ModelRecord record = models.get(name);
        if (record == null) {
            throw notFound();
        }
        remove(record.id());
    }

    /**
     * Removes a model, whose name may have been taken anew since, and its shards.
     *
     * @return whether it was there
     */
    public boolean remove(UUID id) {
        ModelRecord removing = markRemoving(id);
        if (removing == null) {
            return false;
        }
        removals.add(removing.id());
        removing.allSets().forEach(set -> remove(removing.definition(), set));
        models.remove(name, removing);
        return true;
    }

    /**
     * Removes a model whose record is still the one that was looked at.
     *
     * @return whether it was
     */
    public boolean remove(ModelRecord seen) {
        return models.replace(name, seen, seen.removing()) && remove(seen.id());
    }

    /** Has nobody connect any more, and returns the record as nobody but another remover changes it from then on. */
    private ModelRecord markRemoving(UUID id) {
        Deadline deadline = Deadline.inMillis(REMOVE_MILLIS);
        while (true) {
            ModelRecord now = models.get(name);
            if (now == null || !now.id().equals(id)) {
                return null;
            }
            if (now.state() == ModelRecord.State.REMOVING) {
                return now;
            }
            if (!models.replace(name, now, now.removing()) && deadline.passed()) {
                throw new ExpertgridException(
                        "model '" + name + "': its record has changed again and again for " + REMOVE_MILLIS
                                + " ms (expected: to be changed to " + ModelRecord.State.REMOVING + " in between)");
            }
        }
    }

    /** Removes a set of shards, and what members hold of them packed. */
    public void remove(ModelDefinition definition, ShardSet set) {
        try {
            members.ask(new Release(set.deployment()));
        } catch (ExpertgridException e) {
            // They find out by themselves.
            LOGGER.log(Logger.Level.INFO, "not every member was told that shards of '" + name + "' are gone", e);
        }
        removals.add(set.deployment());
        shards.delete(definition, set);
    }

    /** Has the owners of a set's ranks read and pack their slices of an expert, and checks that they are as wide as they should be. */
    void initialize(ModelRecord record, ShardSet set, int expert) {
        record.definition().kind().matrices().forEach(matrix -> initialize(record, set, expert, matrix));
    }

    private void initialize(ModelRecord record, ShardSet set, int expert, MatrixRole matrix) {
        ModelDefinition model = record.definition();
        Dispatcher dispatcher = new Dispatcher(
                hazelcast,
                name,
                () -> set,
                () -> current(record),
                new ForwardCounters(model.shape().experts()));
        List<Dispatcher.Part> parts = dispatcher.dispatch(
                (deployment, ranks) ->
                        new InitializeLayer(new LayerId(deployment, expert, matrix, model.cut(matrix)), ranks),
                Deadline.inMillis(INITIALIZE_MILLIS));
        for (Dispatcher.Part part : parts) {
            List<List<Rank>> runs = Rank.runs(part.ranks());
            List<Integer> widths = part.reply().report(Report.Widths.class).each();
            for (int i = 0; i < runs.size(); i++) {
                int width = widths.get(i);
                int expected = model.width(matrix, runs.get(i));
                if (width != expected) {
                    throw new ExpertgridException("model '" + name + "', expert " + expert + ", " + matrix + ", "
                            + runs.get(i) + ": width " + width + " (expected: " + expected + ")");
                }
            }
        }
    }

    /** Removes what has been written, also where the record is no longer this deployment's: nothing of it is anybody else's. */
    public void removeAfter(Throwable thrown, ModelRecord record) {
        try {
            if (!remove(record.id())) {
                remove(record.definition(), record.shards());
            }
        } catch (RuntimeException alsoThrown) {
            thrown.addSuppressed(alsoThrown);
        }
    }

    private static boolean isGone(ModelRecord record) {
        return record == null || record.state() == ModelRecord.State.REMOVING;
    }

    private ModelNotFoundException notFound() {
        return new ModelNotFoundException("model '" + name + "': not deployed (expected: one of "
                + models.keySet().stream().sorted().toList() + ")");
    }
}
