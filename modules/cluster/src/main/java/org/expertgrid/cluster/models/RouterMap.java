package org.expertgrid.cluster.models;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.UUID;
import org.expertgrid.cluster.errors.WeightsLostException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.grid.RetriedWrite;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.experts.routing.RouterWeights;

/**
 * The map of the routers' weights, one entry for each layer of a model. Callers read them when they connect; they are apart from the
 * records, which members read and change often.
 *
 * <p>Safe for use by many threads.
 */
public final class RouterMap {
    private final HazelcastInstance hazelcast;
    private final IMap<String, RouterWeights> routers;

    public RouterMap(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        this.routers = hazelcast.getMap(GridNames.ROUTERS);
    }

    /** Returns the key of a layer's router. */
    static String key(UUID model, int layer) {
        return model + "." + layer;
    }

    public void set(UUID model, int layer, RouterWeights router) {
        RetriedWrite.untilDone(hazelcast, "the router of layer " + layer, () -> {
            routers.set(key(model, layer), router);
            return true;
        });
    }

    /**
     * Returns the router of a layer.
     *
     * @throws WeightsLostException if it is not there
     */
    public RouterWeights get(UUID model, int layer) {
        RouterWeights router = ModelMap.translated(() -> routers.get(key(model, layer)));
        if (router == null) {
            throw new WeightsLostException(
                    "router of layer " + layer + " of model " + model + ": not there (expected: a complete model)",
                    null);
        }
        return router;
    }

    /** Removes the routers of all layers of a model. */
    public void delete(ModelDefinition model) {
        for (LayerDefinition layer : model.layers()) {
            RetriedWrite.untilDone(hazelcast, "the router of layer " + layer.index(), () -> {
                routers.delete(key(model.id(), layer.index()));
                return true;
            });
        }
    }
}
