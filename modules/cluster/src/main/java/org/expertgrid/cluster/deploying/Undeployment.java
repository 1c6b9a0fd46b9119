package org.expertgrid.cluster.deploying;

import com.hazelcast.core.HazelcastInstance;
import java.lang.System.Logger;
import java.util.UUID;
import org.expertgrid.cluster.dispatch.MemberCalls;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.ShardSet;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.Removals;
import org.expertgrid.cluster.models.RouterMap;
import org.expertgrid.cluster.shards.ShardMap;
import org.expertgrid.cluster.wire.WorkerRequest.Release;
import org.expertgrid.experts.errors.ExpertgridException;

/**
 * Takes a model out of the grid again.
 *
 * <p>It marks the record first and removes it last, so a process that dies in between leaves no shard without a record.
 *
 * <p>Safe for use by many threads.
 */
public final class Undeployment {
    private static final Logger LOGGER = System.getLogger(Undeployment.class.getName());
    private static final long REMOVE_MILLIS = 10_000;

    private final MemberCalls members;
    private final ModelMap models;
    private final ShardMap shards;
    private final RouterMap routers;
    private final Removals removals;
    private final ModelLookup lookup;
    private final String name;

    public Undeployment(HazelcastInstance hazelcast, String name) {
        this.members = new MemberCalls(hazelcast);
        this.models = new ModelMap(hazelcast);
        this.shards = new ShardMap(hazelcast);
        this.routers = new RouterMap(hazelcast);
        this.removals = new Removals(hazelcast);
        this.lookup = new ModelLookup(hazelcast, name);
        this.name = name;
    }

    /** Removes the model of this name, whatever its state and kind. */
    public void run() {
        ModelRecord record = models.get(name);
        if (record == null) {
            throw lookup.notFound();
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
    void remove(ModelDefinition definition, ShardSet set) {
        try {
            members.ask(new Release(set.deployment()));
        } catch (ExpertgridException e) {
            // They find out by themselves.
            LOGGER.log(Logger.Level.INFO, "not every member was told that shards of '" + name + "' are gone", e);
        }
        removals.add(set.deployment());
        shards.delete(definition, set);
    }

    /**
     * Removes what a failed deployment has written, also where the name has the record of another one by now. A failure to remove it is
     * added to {@code thrown}.
     */
    public void removeAfter(Throwable thrown, ModelRecord record) {
        try {
            if (!remove(record.id())) {
                remove(record.definition(), record.shards());
            }
        } catch (RuntimeException alsoThrown) {
            thrown.addSuppressed(alsoThrown);
        }
    }
}
