package org.expertgrid.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.cluster.dispatch.Dispatch;
import org.expertgrid.cluster.dispatch.Dispatcher.Part;
import org.expertgrid.cluster.dispatch.ForwardPass;
import org.expertgrid.cluster.dispatch.PipelinedBatches.Sent;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.grid.Stopwatch;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.wire.ResultRows;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardExperts;
import org.expertgrid.cluster.wire.WorkerRequest.RowsOfExpert;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.ranks.RankTree;
import org.expertgrid.experts.ranks.RankTree.Subtree;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * One round trip for each of the {@link PipelinedBatches}: every member takes the rows through its slices of the experts that they go to, and
 * the sums that come back are added as {@link RankTree} says.
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
        int outputs = model.layer().shape().outputDim();
        MatrixBuffer y = MatrixBuffer.allocate(x.elementType(), x.rows(), outputs);
        // Every member is sent the same encoded rows, and answers a result of its own.
        model.pieces()
                .send(x, outputs, model.membersAsked(), deadline, (fromRow, rows) -> send(fromRow, rows, y, deadline));
        model.counters().forwards.increment();
        return y.toMatrix();
    }

    private Sent send(int fromRow, Matrix rows, MatrixBuffer y, Deadline deadline) {
        Routing routing = model.route(router, rows);
        List<RowsOfExpert> rowsOfExperts = new ArrayList<>();
        for (int e = 0; e < routing.experts(); e++) {
            if (routing.expert(e).count() > 0) {
                rowsOfExperts.add(new RowsOfExpert(e, routing.expert(e)));
            }
        }
        Dispatch dispatch = model.dispatcher()
                .start(
                        (deployment, ranks) ->
                                new ForwardExperts(deployment, model.layer().index(), ranks, rows, rowsOfExperts),
                        deadline);
        return new Sent(dispatch, parts -> {
            add(parts, fromRow, rows.rows(), y);
            model.counters().answered(routing);
        });
    }

    private void add(List<Part> parts, int fromRow, int rows, MatrixBuffer y) {
        long start = System.nanoTime();
        RankTree tree = new RankTree(model.definition().ranks());
        Map<Subtree, PartialSum> sums = new HashMap<>();
        for (Part part : parts) {
            List<Subtree> subtrees =
                    tree.cover(part.ranks().stream().map(Rank::number).toList());
            ResultRows result = part.reply().result();
            check(result, rows * subtrees.size(), part, y.columns());
            for (int i = 0; i < subtrees.size(); i++) {
                sums.put(subtrees.get(i), PartialSum.of(result.rowRange(i * rows, (i + 1) * rows)));
            }
        }
        tree.sum(sums, PartialSum::plus).copyTo(y, fromRow);
        Stopwatch.since(start, model.counters().combiningNanos);
    }

    private void check(ResultRows result, int rows, Part part, int outputs) {
        boolean fits = result != null
                && result.rows() == rows
                && result.columns() == outputs
                && result.elementType() == model.layer().elementType();
        if (!fits) {
            throw new ExpertgridException("model '" + model.name() + "', " + part.ranks() + ": answered " + result
                    + " (expected: " + rows + " x " + outputs + ")");
        }
    }
}
