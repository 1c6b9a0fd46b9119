package org.expertgrid.cluster.deploying;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeWeights;

/** The weights of a model that is being deployed, asked for once each, by one thread. */
public interface ModelWeights {
    /** Returns the router of a layer, or nothing where the layer has none. */
    Optional<RouterWeights> router(int layer);

    /** Returns the matrices of an expert. Layers and experts are asked for in ascending order. */
    List<LinearWeights> expert(int layer, int expert);

    /** Returns the weights of layers by their indices. */
    static ModelWeights of(Map<Integer, MoeWeights> layers) {
        return new ModelWeights() {
            @Override
            public Optional<RouterWeights> router(int layer) {
                return Optional.of(layers.get(layer).router());
            }

            @Override
            public List<LinearWeights> expert(int layer, int expert) {
                return layers.get(layer).expert(expert).matrices();
            }
        };
    }

    /** Returns the weights of a single expert, or a single matrix, which has no router. */
    static ModelWeights of(List<LinearWeights> matrices) {
        return new ModelWeights() {
            @Override
            public Optional<RouterWeights> router(int layer) {
                return Optional.empty();
            }

            @Override
            public List<LinearWeights> expert(int layer, int expert) {
                return matrices;
            }
        };
    }
}
