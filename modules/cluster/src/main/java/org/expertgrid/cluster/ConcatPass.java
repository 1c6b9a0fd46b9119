package org.expertgrid.cluster;

import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.cluster.dispatch.ForwardPass;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/** The seed's way: one expert at a time through {@link ShardedExpert}, as MoE_TP reads. */
final class ConcatPass implements ForwardPass {
    private final DeployedModel model;
    private final Router router;
    private final List<ShardedExpert> experts;

    ConcatPass(DeployedModel model, Router router) {
        this.model = model;
        this.router = router;
        this.experts = IntStream.range(0, model.layer().shape().allExperts())
                .mapToObj(expert -> new ShardedExpert(model, expert))
                .toList();
    }

    @Override
    public Matrix forward(Matrix x, Deadline deadline) {
        Routing routing = model.route(router, x);
        MatrixBuffer y = MatrixBuffer.allocate(
                x.elementType(), x.rows(), model.layer().shape().outputDim());
        for (int e = 0; e < experts.size(); e++) {
            GatedRows gated = routing.expert(e);
            if (gated.count() > 0) {
                GateOn gateOn = model.layer().rule().gateOn();
                y.addGated(experts.get(e).forward(gateOn.input(x, gated), deadline), gateOn.output(gated));
            }
        }
        model.counters().answered(routing);
        model.counters().forwards.increment();
        return y.toMatrix();
    }
}
