package org.expertgrid.cluster.deploying;

import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.List;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.errors.ModelNotReadyException;
import org.expertgrid.cluster.grid.DataMembers;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.models.ModelMap;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.models.Removals;

/**
 * Looks up the record of a model by its name.
 *
 * <p>Safe for use by many threads.
 */
public final class ModelLookup {
    private final HazelcastInstance hazelcast;
    private final ModelMap models;
    private final Removals removals;
    private final String name;

    public ModelLookup(HazelcastInstance hazelcast, String name) {
        this.hazelcast = hazelcast;
        this.models = new ModelMap(hazelcast);
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
        if (record.isOfOtherVersion()) {
            throw new ModelNotReadyException(ofOtherVersion(name) + " (expected: READY; 'undeploy " + name
                    + "' removes it, and then it can be deployed again)");
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

    private static boolean isGone(ModelRecord record) {
        return record == null || record.state() == ModelRecord.State.REMOVING;
    }

    /** Returns what is wrong with a record of another version. */
    static String ofOtherVersion(String name) {
        return "model '" + name
                + "': deployed by another version of Expertgrid, whose record in the store this one cannot read";
    }

    /** Returns the error of a name that no model has; it names the models that there are. */
    ModelNotFoundException notFound() {
        List<String> others = new ArrayList<>();
        models.forEach((other, record) -> {
            if (!other.equals(name) && !isGone(record)) {
                others.add(other);
            }
        });
        return new ModelNotFoundException("model '" + name + "': not deployed (expected: "
                + (others.isEmpty() ? "a deployed model; the cluster has none" : "one of " + others) + ")");
    }
}
