package org.expertgrid.experts.layers;

import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
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
    private final int topK;
    private final Router router;
    private final List<Expert> experts;

    /**
     * Builds the layer.
     *
     * @param topK how many experts each row goes to, at least 1; more than there are means all
     */
    public SimpleMoe(MoeWeights weights, int topK, Kernels kernels) {
        this.shape = weights.shape();
        this.topK = shape.effectiveTopK(topK);
        this.router = new Router(weights.router());
        this.experts = IntStream.range(0, shape.experts())
                .mapToObj(e -> Expert.of(weights.expert(e), kernels))
                .toList();
    }

    @Override
    public Matrix forward(Matrix x) {
        Routing routing = router.route(x, topK);
        MatrixBuffer y = MatrixBuffer.allocate(x.elementType(), x.rows(), shape.outputDim());
        for (int k = 0; k < topK; k++) {
            for (int row = 0; row < x.rows(); row++) {
                Matrix output = experts.get(routing.index(row, k)).forward(x.rowRange(row, row + 1));
                y.addGated(output, new GatedRows(new int[] {row}, new double[] {routing.gate(row, k)}));
            }
        }
        return y.toMatrix();
    }
}
