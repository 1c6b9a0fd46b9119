package org.expertgrid.cluster;

import java.util.function.IntConsumer;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;

/**
 * Weights that call a listener with the number of an expert before they return it. The listener may write it down, wait, or throw.
 *
 * @param weights what is given
 * @param asked told the number of the expert
 */
public record ObservedWeights(MoeWeights weights, IntConsumer asked) implements MoeWeights {
    @Override
    public MoeShape shape() {
        return weights.shape();
    }

    @Override
    public ElementType elementType() {
        return weights.elementType();
    }

    @Override
    public RouterRule rule() {
        return weights.rule();
    }

    @Override
    public RouterWeights router() {
        return weights.router();
    }

    @Override
    public ExpertWeights expert(int expert) {
        asked.accept(expert);
        return weights.expert(expert);
    }
}
