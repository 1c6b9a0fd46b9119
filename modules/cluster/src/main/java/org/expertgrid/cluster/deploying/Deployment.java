package org.expertgrid.cluster.deploying;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.dispatch.Dispatcher;
import org.expertgrid.cluster.dispatch.ForwardCounters;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.errors.ModelExistsException;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.errors.ModelNotReadyException;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.models.Claim;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.Removals;
import org.expertgrid.cluster.models.RouterMap;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.shards.ShardMap;
import org.expertgrid.cluster.wire.MemberReport;
import org.expertgrid.cluster.wire.Report;
import org.expertgrid.cluster.wire.WorkerRequest.InitializeLayer;
import org.expertgrid.cluster.wire.WorkerRequest.Release;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MatrixRole;

/**
 * Puts a model's weights into the grid and takes them out again.
 *
 * <p>The record is written twice: as DEPLOYING before the first shard, which claims the name, and as READY when every shard has
 * been written and found by its owner. No caller can connect in between. If it fails, the shards are removed again; if the
 * deploying process dies, members remove them. Removing marks the record first and removes it last, so a process that dies in between
 * leaves no shard without a record.
 */
public final class Deployment {
    private static final Logger LOGGER = System.getLogger(Deployment.class.getName());
    /** For one expert. */
    private static final long INITIALIZE_MILLIS = 60_000;

    private static final long REMOVE_MILLIS = 10_000;
    private static final long POLL_MILLIS = 100;
    /** A process that is at work on a model changes its record more often. */
    private static final long ALIVE_MILLIS = 6_000;
    /** Members have removed what has been abandoned before that. */
    private static final long ABANDONED_MILLIS = 1000 * Claim.ABANDONED_SECONDS + 15_000;
    /** How long a deployment waits for another one to be refused. */
    private static final long YIELD_MILLIS = 5_000;

    private final HazelcastInstance hazelcast;
    private final MemberCalls members;
    private final ModelMap models;
    private final ShardMap shards;
    private final RouterMap routers;
    private final Removals removals;
    private final String name;

    public Deployment(HazelcastInstance hazelcast, String name) {
        this.hazelcast = hazelcast;
        this.members = new MemberCalls(hazelcast);
        this.models = new ModelMap(hazelcast);
        this.shards = new ShardMap(hazelcast);
        this.routers = new RouterMap(hazelcast);
        this.removals = new Removals(hazelcast);
        this.name = name;
    }

    /** Returns the record under this name, which must be READY and of the given kind. */
    public ModelRecord find(ModelDefinition.Kind kind) {
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

    /** Writes the shards of a model and returns its record, READY. */
    public ModelRecord deploy(ModelDefinition definition, ModelWeights weights, DeploymentProgress progress) {
        ExpectedWeights.checkRouters(definition, weights);
        ExpectedWeights.warnOfNonFiniteRouters(name, definition, weights);
        MemberCalls.checkStores(members.describe());
        Placement placement = new Placement(hazelcast);
        placement.awaitTable();
        awaitAbandoned();
        Map<Member, MemberReport> reports = members.describe();
        ModelRecord deploying = ModelRecord.deploying(definition, placement.place(definition.ranks()));
        Map<Member, Integer> ranks = placement.owned(deploying.shards());
        new Capacity(members, models, name, deploying, reports, ranks).check();
        claimName(deploying);
        try (Claim claim = new Claim(models, name, deploying)) {
            Capacity capacity = capacityBesideOthers(deploying, reports, ranks);
            for (LayerDefinition layer : definition.layers()) {
                weights.router(layer.index()).ifPresent(router -> routers.set(definition.id(), layer.index(), router));
            }
            DeploymentProgress checked = part -> {
                capacity.checkSometimes(part);
                progress.deployed(part);
            };
            forEachExpert(definition, checked, (layer, expert) -> {
                List<LinearWeights> matrices = weights.expert(layer.index(), expert);
                ExpectedWeights.checkExpert(layer, expert, matrices);
                ExpectedWeights.warnOfNonFinite(name, layer, expert, matrices);
                claim.check();
                shards.write(definition, deploying.shards(), layer, expert, matrices);
                initialize(deploying, deploying.shards(), layer, expert);
            });
            return claim.change(ModelRecord::ready);
        } catch (Throwable thrown) {
            removeAfter(thrown, deploying);
            throw thrown;
        }
    }

    /** Returns when there is no unfinished deployment or removal of this name that has stopped: members remove what it has left. */
    private void awaitAbandoned() {
        ModelRecord seen = models.get(name);
        Deadline alive = Deadline.inMillis(ALIVE_MILLIS);
        Deadline deadline = Deadline.inMillis(ABANDONED_MILLIS);
        boolean told = false;
        while (seen != null && seen.state() != ModelRecord.State.READY && !deadline.passed()) {
            if (alive.passed() && !told) {
                told = true;
                LOGGER.log(
                        Logger.Level.WARNING,
                        "model '" + name + "', " + seen.state() + ": nothing has changed for " + ALIVE_MILLIS / 1000
                                + " s; waiting until members have removed it");
            }
            pause();
            ModelRecord now = models.get(name);
            if (now != null && now.state() == seen.state() && !now.equals(seen)) {
                break;
            }
            seen = now;
        }
        expectFree(models.get(name));
    }

    /**
     * Checks the room for a model once more when its record is there, because other deployments may have begun at the same time. Of those
     * that see each other and do not fit together, the one with the lowest id goes on.
     */
    private Capacity capacityBesideOthers(
            ModelRecord deploying, Map<Member, MemberReport> reports, Map<Member, Integer> ranks) {
        Deadline deadline = Deadline.inMillis(YIELD_MILLIS);
        while (true) {
            Capacity capacity = new Capacity(members, models, name, deploying, reports, ranks);
            try {
                capacity.check();
                return capacity;
            } catch (RefusedException refused) {
                if (deadline.passed() || !othersYieldTo(deploying)) {
                    throw refused;
                }
                pause();
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExpertgridException("model '" + name + "': interrupted before it was deployed", e);
        }
    }

    private boolean othersYieldTo(ModelRecord deploying) {
        List<UUID> others = new ArrayList<>();
        models.forEach((other, record) -> {
            if (record.state() != ModelRecord.State.READY && !record.id().equals(deploying.id())) {
                others.add(record.id());
            }
        });
        return !others.isEmpty()
                && others.stream().allMatch(id -> deploying.id().compareTo(id) < 0);
    }

    /** An action on each expert of a model. */
    interface ExpertAction {
        void accept(LayerDefinition layer, int expert);
    }

    /** Does something with every expert of a model, in ascending order, and says so after each. */
    static void forEachExpert(ModelDefinition definition, DeploymentProgress progress, ExpertAction action) {
        int experts = definition.layers().stream()
                .mapToInt(layer -> layer.shape().allExperts())
                .sum();
        long bytes = definition.bytes();
        int done = 0;
        long doneBytes = 0;
        for (LayerDefinition layer : definition.layers()) {
            for (int expert = 0; expert < layer.shape().allExperts(); expert++) {
                action.accept(layer, expert);
                done++;
                doneBytes += definition.bytes(layer, expert);
                progress.deployed(new DeploymentProgress.Part(done, experts, doneBytes, bytes));
            }
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
        expectFree(before);
    }

    private void expectFree(ModelRecord before) {
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
        routers.delete(removing.definition());
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

    /** Marks the record REMOVING, so that no caller connects, and returns it. From then on only another removal changes it. */
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

    /** Removes a set of shards, and what members know of them. */
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

    /** Has the owners of a set's ranks find their slices of an expert, and checks that they are as wide as they should be. */
    void initialize(ModelRecord record, ShardSet set, LayerDefinition layer, int expert) {
        ModelDefinition model = record.definition();
        Dispatcher dispatcher =
                new Dispatcher(hazelcast, name, () -> set, () -> current(record), new ForwardCounters(0));
        List<Dispatcher.Part> parts = dispatcher.dispatch(
                (deployment, ranks) -> new InitializeLayer(deployment, layer.index(), expert, ranks),
                Deadline.inMillis(INITIALIZE_MILLIS));
        for (Dispatcher.Part part : parts) {
            List<Integer> widths = part.reply().report(Report.Widths.class).each();
            List<Integer> expected = new ArrayList<>();
            for (MatrixRole matrix : layer.roles(expert)) {
                part.ranks()
                        .forEach(rank -> expected.add(model.slice(layer, expert, matrix, rank.number())
                                .outputs()));
            }
            if (!widths.equals(expected)) {
                throw new ExpertgridException("model '" + name + "', layer " + layer.index() + ", expert " + expert
                        + ", " + part.ranks() + ": widths " + widths + " (expected: " + expected + ")");
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
        List<String> others = models.keySet().stream()
                .filter(other -> !other.equals(name) && !isGone(models.get(other)))
                .sorted()
                .toList();
        return new ModelNotFoundException("model '" + name + "': not deployed (expected: "
                + (others.isEmpty() ? "a deployed model; the cluster has none" : "one of " + others) + ")");
    }
}
