package org.expertgrid.cluster.deploying;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.errors.ModelNotReadyException;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.models.Claim;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.expertgrid.cluster.shards.ShardMap;
import org.expertgrid.cluster.wire.MemberReport;
import org.expertgrid.cluster.wire.Report;
import org.expertgrid.cluster.wire.WorkerRequest.Retire;
import org.expertgrid.experts.errors.ExpertgridException;

/**
 * Spreads a model's ranks evenly over the data members again, while it answers: partition keys are fixed in the shards' keys, so
 * the shards are copied under new ones, and callers go over to those.
 *
 * <pre>
 *   record   READY, shards A | next B, copied and packed | shards B, retired A | shards B
 *   callers  ask A . . . . . . . . . . . . . . . . . . . | hear of it, ask B   |
 *   members  hold A . . . . .| hold A and B . . . . . . .| no caller asks A  . | A removed
 * </pre>
 *
 * Members need room for the model twice meanwhile. If this process dies, members remove the shards that it has copied.
 */
public final class Rebalance {
    /** Callers that have not heard of a new set of shards for this long find the old one missing, and look for themselves. */
    private static final long LAST_READER_MILLIS = 60_000;

    private static final long POLL_MILLIS = 250;
    private static final int TRIES = 5;

    private final HazelcastInstance hazelcast;
    private final MemberCalls members;
    private final ModelMap models;
    private final ShardMap shards;
    private final Placement placement;
    private final ModelLookup lookup;
    private final Initialization initialization;
    private final Undeployment undeployment;
    private final String name;

    public Rebalance(HazelcastInstance hazelcast, String name) {
        this.hazelcast = hazelcast;
        this.members = new MemberCalls(hazelcast);
        this.models = new ModelMap(hazelcast);
        this.shards = new ShardMap(hazelcast);
        this.placement = new Placement(hazelcast);
        this.lookup = new ModelLookup(hazelcast, name);
        this.initialization = new Initialization(hazelcast, name);
        this.undeployment = new Undeployment(hazelcast, name);
        this.name = name;
    }

    /**
     * Spreads the ranks, and returns when the old shards are gone.
     *
     * @return whether there was anything to do: ranks that are as even as they can be stay where they are
     * @throws ModelNotFoundException if there is no such model, also where it is undeployed meanwhile
     * @throws RefusedException if members have no room for the model twice
     * @throws ModelNotReadyException if it is being deployed or moved
     */
    public boolean run(DeploymentProgress progress) {
        Map<Member, MemberReport> reports = members.describe();
        placement.awaitTable();
        ModelRecord moving = begin();
        if (moving == null) {
            return false;
        }
        try (Claim claim = new Claim(models, name, moving)) {
            move(claim, moving, reports, progress);
            retire(claim, moving.definition(), moving.shards());
            return true;
        }
    }

    /** Returns the record with the set that its shards will be copied to, or null where the ranks are as even as they can be. */
    private ModelRecord begin() {
        for (int tries = 0; tries < TRIES; tries++) {
            ModelRecord record = lookup.ready();
            if (record.next() != null || !record.retired().isEmpty()) {
                throw new ModelNotReadyException("model '" + name
                        + "': its ranks are being moved already (expected: wait; if the process that moves them has died, members clean up"
                        + " within a minute)");
            }
            if (placement.isEven(record.shards())) {
                return null;
            }
            checkTogether(record);
            ModelRecord moving =
                    record.movingTo(placement.place(record.definition().ranks()));
            // Members that have just come are counted in the record, which is no reason to give up.
            if (models.replace(name, record, moving)) {
                return moving;
            }
        }
        throw new ModelNotReadyException(
                "model '" + name + "': another process has begun to change it (expected: wait, then look again)");
    }

    /** When the parts of a torn cluster merge, the changes of the smaller part are lost: its moves, and its removals afterwards. */
    private void checkTogether(ModelRecord record) {
        int members = DataMembers.of(hazelcast).size();
        if (!record.isTogether(members)) {
            throw new ModelNotReadyException(
                    "model '" + name + "': " + members
                            + " data members are here (expected: more than half of those that it lives among; wait for the others)");
        }
    }

    private void move(Claim claim, ModelRecord moving, Map<Member, MemberReport> reports, DeploymentProgress progress) {
        try {
            Capacity capacity = new Capacity(members, models, name, moving, reports, placement.owned(moving.next()));
            capacity.check();
            DeploymentProgress checked = part -> {
                capacity.checkSometimes(part);
                progress.deployed(part);
            };
            Deployment.forAllExperts(moving.definition(), checked, (layer, experts) -> {
                claim.check();
                shards.copy(moving.definition(), moving.shards(), moving.next(), layer, experts);
                initialization.run(moving, moving.next(), layer, experts);
            });
            checkTogether(moving);
            claim.change(ModelRecord::switched);
        } catch (Throwable thrown) {
            giveUp(thrown, claim, moving);
            throw thrown;
        }
    }

    private void giveUp(Throwable thrown, Claim claim, ModelRecord moving) {
        try {
            // Done first: if the switch was made and only its answer was lost, this is refused, and nothing may be
            // removed.
            claim.change(ModelRecord::withoutNext);
            undeployment.remove(moving.definition(), moving.next());
            claim.change(record -> record.withoutRetired(moving.next()));
        } catch (ModelNotFoundException lost) {
            thrown.addSuppressed(lost);
            removeUnlessItAnswers(thrown, moving);
        } catch (RuntimeException alsoThrown) {
            thrown.addSuppressed(alsoThrown);
        }
    }

    /** Removes the new set where the record, which another process has changed, does not answer from it. */
    private void removeUnlessItAnswers(Throwable thrown, ModelRecord moving) {
        try {
            ModelRecord now = models.get(name);
            boolean answers = now != null
                    && now.id().equals(moving.id())
                    && now.shards().deployment().equals(moving.next().deployment());
            if (!answers) {
                undeployment.remove(moving.definition(), moving.next());
            }
        } catch (RuntimeException alsoThrown) {
            thrown.addSuppressed(alsoThrown);
        }
    }

    /** Removes a set that does not answer any more, when no caller has asked for it for a while. */
    public void retire(Claim claim, ModelDefinition definition, ShardSet set) {
        Deadline deadline = Deadline.inMillis(LAST_READER_MILLIS);
        while (isAsked(set) && !deadline.passed()) {
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ExpertgridException(
                        "model '" + name + "': interrupted before its old shards were removed, which members will do",
                        e);
            }
        }
        undeployment.remove(definition, set);
        claim.change(record -> record.withoutRetired(set));
    }

    private boolean isAsked(ShardSet set) {
        try {
            return members.ask(new Retire(set.deployment())).values().stream()
                    .anyMatch(reply -> reply.report(Report.Asked.class).lately());
        } catch (ExpertgridException e) {
            // A member did not answer: assume that it still uses the shards.
            return true;
        }
    }
}
