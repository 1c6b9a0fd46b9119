package org.expertgrid.experts.weights;

import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.kernels.ElementType;

/** Weights drawn from the seed's named generators, one expert at a time. */
final class RandomWeights implements MoeWeights {
    private final MoeShape shape;
    private final ElementType elementType;
    private final NamedRandomStates states;
    private final RouterWeights router;
    private int next;

    RandomWeights(MoeShape shape, ElementType elementType, NamedRandomStates states) {
        this.shape = shape;
        this.elementType = elementType;
        this.states = states;
        try (var scope = states.enter("router")) {
            LinearWeights drawn =
                    LinearWeights.random(shape.inputDim(), shape.experts(), elementType, scope.randomState());
            router = new RouterWeights(drawn.weight(), drawn.bias());
        }
    }

    @Override
    public MoeShape shape() {
        return shape;
    }

    @Override
    public ElementType elementType() {
        return elementType;
    }

    @Override
    public RouterWeights router() {
        return router;
    }

    @Override
    public ExpertWeights expert(int expert) {
        shape.checkExpert(expert);
        if (expert != next) {
            throw new IllegalStateException("expert: " + expert + " (expected: " + next
                    + ", random weights are drawn once and in order; use inMemory() to ask again)");
        }
        next++;
        try (var scope = states.enter("expert")) {
            LinearWeights fc1 =
                    LinearWeights.random(shape.inputDim(), shape.hiddenDim(), elementType, scope.randomState());
            LinearWeights fc2 =
                    LinearWeights.random(shape.hiddenDim(), shape.outputDim(), elementType, scope.randomState());
            return new ExpertWeights(fc1, fc2);
        }
    }
}
