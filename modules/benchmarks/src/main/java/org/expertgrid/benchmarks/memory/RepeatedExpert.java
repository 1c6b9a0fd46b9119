package org.expertgrid.benchmarks.memory;

import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.Narrowing;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightMatrix;

/**
 * A layer whose experts have all the same weights, so that a large one takes no time to draw.
 *
 * @param shape its sizes
 * @param router its router
 * @param repeated the weights of each expert
 */
record RepeatedExpert(MoeShape shape, RouterWeights router, ExpertWeights repeated) implements MoeWeights {
    /** Draws one expert and stores it in a format. */
    static RepeatedExpert draw(MoeShape shape, WeightFormat format) {
        MoeShape one = new MoeShape(shape.inputDim(), shape.hiddenDim(), shape.outputDim(), 1);
        ExpertWeights drawn = MoeWeights.random(one, format.computedIn(), new NamedRandomStates())
                .expert(0);
        ExpertWeights stored = new ExpertWeights(
                drawn.shape(),
                drawn.matrices().stream().map(matrix -> stored(matrix, format)).toList());
        Matrix router = Matrix.zeros(ElementType.FLOAT32, shape.inputDim(), shape.experts());
        return new RepeatedExpert(shape, new RouterWeights(router), stored);
    }

    private static LinearWeights stored(LinearWeights drawn, WeightFormat format) {
        WeightMatrix weight = drawn.weight();
        return weight.format() == format
                ? drawn
                : new LinearWeights(Narrowing.of(weight, format).weight(), drawn.bias());
    }

    @Override
    public ElementType elementType() {
        return repeated.elementType();
    }

    @Override
    public RouterRule rule() {
        return RouterRule.seed(1);
    }

    @Override
    public ExpertWeights expert(int expert) {
        return repeated;
    }

    @Override
    public WeightFormat format(int expert, MatrixRole role) {
        return repeated.matrix(role).weight().format();
    }
}
