package org.expertgrid.experts.weights;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/** Weights drawn from the seed's named generators, one expert at a time. */
final class RandomWeights implements MoeWeights {
    private final MoeShape shape;
    private final RouterRule rule;
    private final ElementType elementType;
    private final NamedRandomStates states;
    private final RouterWeights router;
    private int next;

    RandomWeights(MoeShape shape, RouterRule rule, ElementType elementType, NamedRandomStates states) {
        this.shape = shape;
        this.rule = rule;
        this.elementType = elementType;
        this.states = states;
        try (var scope = states.enter("router")) {
            Matrix weight = LinearWeights.randomWeight(shape.inputDim(), shape.experts(), scope.randomState());
            Matrix bias = Matrix.wrap(1, shape.experts(), scope.randomState().randn(shape.experts()));
            router = new RouterWeights(weight.to(elementType), bias.to(elementType));
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
    public RouterRule rule() {
        return rule;
    }

    @Override
    public RouterWeights router() {
        return router;
    }

    @Override
    public ExpertWeights expert(int expert) {
        ExpertShape shapeOfExpert = shape.expert(expert);
        if (expert != next) {
            throw new IllegalStateException("expert: " + expert + " (expected: " + next
                    + ", random weights are drawn once and in order; use inMemory() to ask again)");
        }
        next++;
        try (var scope = states.enter("expert")) {
            List<LinearWeights> matrices = new ArrayList<>();
            for (ExpertMatrix matrix : shapeOfExpert.matrices()) {
                matrices.add(LinearWeights.random(
                        matrix.inputs(), matrix.outputs(), shapeOfExpert.biases(), elementType, scope.randomState()));
            }
            return new ExpertWeights(shapeOfExpert, matrices);
        }
    }
}
