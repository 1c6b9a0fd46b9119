package org.expertgrid.cluster;

import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.experts.Routing;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/** The seed's way: one expert at a time through {@link ShardedExpert}, as MoE_TP reads. */
final class ConcatPass implements ForwardPass {
    private final DeployedModel model;
    private final List<ShardedExpert> experts;

    ConcatPass(DeployedModel model) {
        this.model = model;
        this.experts = IntStream.range(0, model.record().shape().experts())
                .mapToObj(expert -> new ShardedExpert(model, expert))
                .toList();
    }

    @Override
    public Matrix forward(Matrix x, Routing routing) {
        MatrixBuffer y = MatrixBuffer.allocate(
                x.elementType(), x.rows(), model.record().shape().outputDim());
        for (int e = 0; e < experts.size(); e++) {
            GatedRows gated = routing.expert(e);
            if (gated.count() > 0) {
                y.addGated(experts.get(e).forward(x.selectRows(gated.rows())), gated);
            }
        }
        return y.toMatrix();
    }
}
