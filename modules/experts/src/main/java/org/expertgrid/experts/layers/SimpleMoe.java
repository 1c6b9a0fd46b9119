package org.expertgrid.experts.layers;

import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * The seed's reference: one token at a time through one expert at a time, by the calling thread.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class SimpleMoe implements Layer {
    private final MoeShape shape;
    private final ElementType elementType;
    private final Router router;
    private final List<Expert> experts;

    /**
     * Builds the layer for another number of experts a row than the rule of the weights has.
     *
     * @param topK how many experts each row goes to, at least 1; more than there are means all
     */
    public SimpleMoe(MoeWeights weights, int topK, Kernels kernels) {
        this(weights, weights.rule().withTopK(topK), kernels);
    }

    /** Builds the layer. */
    public SimpleMoe(MoeWeights weights, Kernels kernels) {
        this(weights, weights.rule(), kernels);
    }

    private SimpleMoe(MoeWeights weights, RouterRule rule, Kernels kernels) {
        this.shape = weights.shape();
        this.elementType = weights.elementType();
        this.router = new Router(weights.router(), rule);
        this.experts = IntStream.range(0, shape.allExperts())
                .mapToObj(e -> Expert.of(weights.expert(e), kernels))
                .toList();
    }

    @Override
    public Matrix forward(Matrix x) {
        new Problems().expectInput(x, shape.inputDim(), elementType).throwIfAny();
        Routing routing = router.route(x);
        MatrixBuffer y = MatrixBuffer.allocate(x.elementType(), x.rows(), shape.outputDim());
        for (int k = 0; k < routing.topK(); k++) {
            for (int row = 0; row < x.rows(); row++) {
                add(x, row, routing.index(row, k), routing.gate(row, k), y);
            }
        }
        for (int e = shape.experts(); e < shape.allExperts(); e++) {
            for (int row = 0; row < x.rows(); row++) {
                add(x, row, e, routing.expert(e).gates()[row], y);
            }
        }
        return y.toMatrix();
    }

    private void add(Matrix x, int row, int expert, double gate, MatrixBuffer y) {
        GatedRows gated = new GatedRows(new int[] {row}, new double[] {gate});
        GateOn gateOn = router.rule().gateOn();
        y.addGated(experts.get(expert).forward(gateOn.input(x, gated)), gateOn.output(gated));
    }
}
