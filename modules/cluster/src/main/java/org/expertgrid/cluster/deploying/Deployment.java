package org.expertgrid.cluster.deploying;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.errors.ModelExistsException;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.ExpertRange;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.models.Claim;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.RouterMap;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.shards.ShardMap;
import org.expertgrid.cluster.wire.MemberReport;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.weights.LinearWeights;

/**
 * Puts a model's weights into the grid.
 *
 * <p>The record is written twice: as DEPLOYING before the first shard, which claims the name, and as READY when every shard has
 * been written and found by its owner. No caller can connect in between. If it fails, the shards are removed again; if the
 * deploying process dies, members remove them.
 */
public final class Deployment {
    private static final Logger LOGGER = System.getLogger(Deployment.class.getName());
    private static final long POLL_MILLIS = 100;
    /** A process that is at work on a model changes its record more often. */
    private static final long ALIVE_MILLIS = 6_000;
    /** Members have removed what has been abandoned before that. */
    private static final long ABANDONED_MILLIS = 1000 * Claim.ABANDONED_SECONDS + 15_000;
    /** The most weights that are written before the members are asked for them, unless one expert has more. */
    private static final long BYTES_TOGETHER = 8 << 20;
    /** How long a deployment waits for another one to be refused. */
    private static final long YIELD_MILLIS = 5_000;

    private final HazelcastInstance hazelcast;
    private final MemberCalls members;
    private final ModelMap models;
    private final ShardMap shards;
    private final RouterMap routers;
    private final Initialization initialization;
    private final Undeployment undeployment;
    private final String name;

    public Deployment(HazelcastInstance hazelcast, String name) {
        this.hazelcast = hazelcast;
        this.members = new MemberCalls(hazelcast);
        this.models = new ModelMap(hazelcast);
        this.shards = new ShardMap(hazelcast);
        this.routers = new RouterMap(hazelcast);
        this.initialization = new Initialization(hazelcast, name);
        this.undeployment = new Undeployment(hazelcast, name);
        this.name = name;
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
            forAllExperts(definition, checked, (layer, experts) -> {
                shards.write(definition, deploying.shards(), layer, experts, expert -> {
                    List<LinearWeights> matrices = weights.expert(layer.index(), expert);
                    ExpectedWeights.checkExpert(layer, expert, matrices);
                    ExpectedWeights.warnOfNonFinite(name, layer, expert, matrices);
                    claim.check();
                    return matrices;
                });
                initialization.run(deploying, deploying.shards(), layer, experts);
            });
            return claim.change(ModelRecord::ready);
        } catch (Throwable thrown) {
            undeployment.removeAfter(thrown, deploying);
            throw thrown;
        }
    }

    /** Returns when there is no unfinished deployment or removal of this name that has stopped: members remove what it has left. */
    private void awaitAbandoned() {
        ModelRecord seen = models.get(name);
        Deadline alive = Deadline.inMillis(ALIVE_MILLIS);
        Deadline deadline = Deadline.inMillis(ABANDONED_MILLIS);
        boolean told = false;
        while (seen != null && !seen.isReady() && !seen.isOfOtherVersion() && !deadline.passed()) {
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

    /** An action on experts of a layer. */
    interface ExpertsAction {
        void accept(LayerDefinition layer, ExpertRange experts);
    }

    /**
     * Does something with all experts of a model, in ascending order, and says so after each time. Large experts come one at a time, small ones
     * together: the members are asked once for them, which takes longer than to write a small expert. Those of one layer come in two parts at
     * least, so that there is something to tell, and to check, half-way.
     */
    static void forAllExperts(ModelDefinition definition, DeploymentProgress progress, ExpertsAction action) {
        int experts = definition.layers().stream()
                .mapToInt(layer -> layer.shape().allExperts())
                .sum();
        long bytes = definition.bytes();
        int done = 0;
        long doneBytes = 0;
        for (LayerDefinition layer : definition.layers()) {
            int all = layer.shape().allExperts();
            int half = (all + 1) / 2;
            for (int first = 0, end; first < all; first = end) {
                long together = definition.bytes(layer, first);
                for (end = first + 1; end < Math.min(all, first + half); end++) {
                    long with = together + definition.bytes(layer, end);
                    if (with > BYTES_TOGETHER) {
                        break;
                    }
                    together = with;
                }
                action.accept(layer, new ExpertRange(first, end));
                done += end - first;
                doneBytes += together;
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
                undeployment.remove(deploying.id());
            } catch (RuntimeException alsoThrown) {
                thrown.addSuppressed(alsoThrown);
            }
            throw thrown;
        }
        expectFree(before);
    }

    private void expectFree(ModelRecord before) {
        if (before != null && before.isOfOtherVersion()) {
            throw new ModelExistsException(ModelLookup.ofOtherVersion(name) + " (expected: a free name; 'undeploy "
                    + name + "' removes it and its weights)");
        }
        if (before != null) {
            throw new ModelExistsException("model '" + name + "': " + before.state()
                    + " already (expected: a free name; undeploy it first or choose another)");
        }
    }
}
