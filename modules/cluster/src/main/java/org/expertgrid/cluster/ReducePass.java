package org.expertgrid.cluster;

import java.util.List;
import org.expertgrid.cluster.dispatch.Dispatch;
import org.expertgrid.cluster.dispatch.Dispatcher.Part;
import org.expertgrid.cluster.dispatch.ForwardPass;
import org.expertgrid.cluster.dispatch.PipelinedBatches.Sent;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.wire.ResultRows;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardExperts;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * One round trip for each of the {@link PipelinedBatches}: every member takes the rows through its slices of all experts, and the shares that
 * come back are added in the order of the ranks.
 */
final class ReducePass implements ForwardPass {
    private final DeployedModel model;
    private final Router router;

    ReducePass(DeployedModel model, Router router) {
        this.model = model;
        this.router = router;
    }

    @Override
    public Matrix forward(Matrix x, Deadline deadline) {
        int outputs = model.definition().shape().outputDim();
        MatrixBuffer y = MatrixBuffer.allocate(x.elementType(), x.rows(), outputs);
        // Every member is sent the same encoded rows, and answers a result of its own.
        model.pieces()
                .send(x, outputs, model.membersAsked(), deadline, (fromRow, rows) -> send(fromRow, rows, y, deadline));
        model.counters().forwards.increment();
        return y.toMatrix();
    }

    private Sent send(int fromRow, Matrix rows, MatrixBuffer y, Deadline deadline) {
        Routing routing = model.route(router, rows);
        Dispatch dispatch = model.dispatcher()
                .start(
                        (deployment, ranks) -> new ForwardExperts(deployment, ranks, rows, routing.byExpert()),
                        deadline);
        return new Sent(dispatch, parts -> {
            add(parts, fromRow, rows.rows(), y);
            model.counters().answered(routing);
        });
    }

    private void add(List<Part> parts, int fromRow, int rows, MatrixBuffer y) {
        long start = System.nanoTime();
        boolean first = true;
        for (Part part : parts) {
            ResultRows share = part.reply().result();
            check(share, rows, part, y.columns());
            if (first) {
                share.copyTo(y, fromRow);
            } else {
                share.addTo(y, fromRow);
            }
            first = false;
        }
        Stopwatch.since(start, model.counters().combiningNanos);
    }

    private void check(ResultRows share, int rows, Part part, int outputs) {
        boolean fits = share != null
                && share.rows() == rows
                && share.columns() == outputs
                && share.elementType() == model.definition().elementType();
        if (!fits) {
            throw new ExpertgridException("model '" + model.name() + "', " + part.ranks() + ": answered " + share
                    + " (expected: " + rows + " x " + outputs + ")");
        }
    }
}
