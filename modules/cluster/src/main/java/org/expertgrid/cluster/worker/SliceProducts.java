package org.expertgrid.cluster.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.MatrixId;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.models.DeployedSets.Deployed;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.cluster.wire.Report;
import org.expertgrid.cluster.wire.WorkerReply;
import org.expertgrid.cluster.wire.WorkerRequest;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardExperts;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardLayer;
import org.expertgrid.cluster.wire.WorkerRequest.InitializeLayer;
import org.expertgrid.cluster.wire.WorkerRequest.RowsOfExpert;
import org.expertgrid.cluster.worker.TaskWeights.Slice;
import org.expertgrid.cluster.worker.TileReader.Outcome;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.layers.ColumnParallel;
import org.expertgrid.experts.layers.ExpertRows;
import org.expertgrid.experts.layers.GatedExperts;
import org.expertgrid.experts.layers.PackedExpert;
import org.expertgrid.experts.ranks.RankSlice;
import org.expertgrid.experts.ranks.RankTree;
import org.expertgrid.experts.ranks.RankTree.Subtree;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.experts.weights.MatrixRole.Cut;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;
import org.expertgrid.kernels.PackedWeights;

/**
 * Multiplies rows by the slices of ranks, on all cores. It first finds the tiles of all slices that a task needs; the task then waits for
 * its turn.
 *
 * <p>Safe for use by many threads.
 */
final class SliceProducts {
    private final TileReader tiles;
    private final Turns turns;
    private final ColumnParallel product;
    private final GatedExperts experts;

    SliceProducts(TileReader tiles, Turns turns, Kernels kernels, ThreadTeam team) {
        this.tiles = tiles;
        this.turns = turns;
        this.product = new ColumnParallel(kernels, team);
        this.experts = new GatedExperts(kernels, team);
    }

    /** Finds the ranks' slices of experts, here and where their backups are; answers their widths. */
    WorkerReply initializeLayer(Deployed set, InitializeLayer request, Deadline deadline) {
        LayerDefinition layer = set.definition().layer(request.layer());
        new Problems()
                .expect(
                        request.experts().end() <= layer.shape().allExperts(),
                        "experts",
                        request.experts(),
                        "below " + layer.shape().allExperts())
                .throwIfAny();
        TaskWeights weights = new TaskWeights(tiles, set);
        List<Slice> slices = new ArrayList<>();
        request.experts().stream().forEach(expert -> {
            for (MatrixRole matrix : layer.roles(expert)) {
                request.ranks().forEach(rank -> slices.add(weights.need(layer, expert, matrix, rank)));
            }
        });
        Outcome outcome = weights.findWritten(deadline);
        int ranks = request.ranks().size();
        if (outcome.status() == RankStatus.BUSY) {
            // A deployment stops where memory is short; it does not try again and again.
            return WorkerReply.failed(ranks, outcome.message());
        }
        return outcome.status() != RankStatus.OK
                ? WorkerReply.of(outcome.status(), ranks, outcome.message())
                : WorkerReply.ok(
                        ranks,
                        new Report.Widths(slices.stream()
                                .map(slice -> slice.packed().outputs())
                                .toList()));
    }

    /** Multiplies the rows by the ranks' columns, side by side. */
    WorkerReply forwardLayer(Deployed set, long requestId, ForwardLayer request, Deadline deadline) {
        MatrixId id = request.matrix();
        LayerDefinition layer = set.definition().layer(id.layer());
        if (set.definition().cut(id.matrix()) != Cut.OUTPUTS) {
            throw new IllegalArgumentException(id + ": cut by inputs (expected: a matrix that is cut by outputs)");
        }
        TaskWeights weights = new TaskWeights(tiles, set);
        List<Slice> slices = request.ranks().stream()
                .map(rank -> weights.need(layer, id.expert(), id.matrix(), rank))
                .toList();
        return compute(requestId, request, weights, deadline, () -> {
            List<PackedWeights> packed = slices.stream().map(Slice::packed).toList();
            checkFit(request.x(), packed.get(0).inputs(), packed.get(0).elementType());
            return product.forward(request.x(), packed);
        });
    }

    /** The slices of one expert that rows go to, rank by rank, each in the order of the expert's matrices. */
    private record Needed(RowsOfExpert rows, List<List<Slice>> parts) {}

    /** Takes the rows through the ranks' slices of the experts that they go to. */
    WorkerReply forwardExperts(Deployed set, long requestId, ForwardExperts request, Deadline deadline) {
        ModelDefinition model = set.definition();
        LayerDefinition layer = model.layer(request.layer());
        checkFit(request.x(), layer.shape().inputDim(), layer.elementType());
        TaskWeights weights = new TaskWeights(tiles, set);
        List<Needed> needed = new ArrayList<>();
        for (RowsOfExpert rows : request.rows()) {
            List<MatrixRole> roles = layer.roles(rows.expert());
            needed.add(new Needed(
                    rows,
                    request.ranks().stream()
                            .map(rank -> roles.stream()
                                    .map(role -> weights.need(layer, rows.expert(), role, rank))
                                    .toList())
                            .toList()));
        }
        List<Subtree> subtrees = new RankTree(model.ranks())
                .cover(request.ranks().stream().map(Rank::number).toList());
        return compute(requestId, request, weights, deadline, () -> {
            List<ExpertRows> rows = needed.stream()
                    .map(one -> rowsOf(one, model, layer, request.ranks()))
                    .toList();
            int outputs = layer.shape().outputDim();
            return below(experts.forward(request.x(), rows, layer.rule().gateOn(), outputs, subtrees));
        });
    }

    private static ExpertRows rowsOf(Needed needed, ModelDefinition model, LayerDefinition layer, List<Rank> ranks) {
        ExpertShape shape = layer.shape().expert(needed.rows().expert());
        List<PackedExpert> parts = new ArrayList<>();
        for (int i = 0; i < ranks.size(); i++) {
            RankSlice slice = new RankSlice(ranks.get(i).number(), model.ranks());
            parts.add(new PackedExpert(
                    slice.of(shape),
                    needed.parts().get(i).stream().map(Slice::packed).toList()));
        }
        return new ExpertRows(needed.rows().rows(), parts);
    }

    /** Returns the matrices as one, each below the one before. */
    private static Matrix below(List<Matrix> results) {
        Matrix first = results.get(0);
        if (results.size() == 1) {
            return first;
        }
        MatrixBuffer all = MatrixBuffer.allocate(first.elementType(), first.rows() * results.size(), first.columns());
        for (int i = 0; i < results.size(); i++) {
            all.copyRows(results.get(i), i * first.rows());
        }
        return all.toMatrix();
    }

    /** Refuses rows that do not fit the weights before anything is allocated for their product. */
    private static void checkFit(Matrix x, int inputs, ElementType type) {
        new Problems().expectInput(x, inputs, type).throwIfAny();
    }

    private WorkerReply compute(
            long requestId, WorkerRequest request, TaskWeights weights, Deadline deadline, Supplier<Matrix> result) {
        Outcome outcome = weights.find(deadline);
        int ranks = request.ranks().size();
        return outcome.status() == RankStatus.OK
                ? turns.compute(requestId, ranks, deadline, result)
                : WorkerReply.of(outcome.status(), ranks, outcome.message());
    }
}
