package org.expertgrid.cluster;

import org.expertgrid.cluster.dispatch.Dispatch;
import org.expertgrid.cluster.dispatch.Dispatcher.Part;
import org.expertgrid.cluster.dispatch.PipelinedBatches.Sent;
import org.expertgrid.cluster.grid.Deadline;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.MatrixId;
import org.expertgrid.cluster.layout.Rank;
import org.expertgrid.cluster.wire.WorkerRequest.ForwardLayer;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.ranks.Slices;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * Computes {@code x W + b} of one matrix of one expert: every rank computes its columns, and they are put side by side in the order of
 * the ranks.
 */
final class ColumnPass {
    private final DeployedModel model;
    private final int expert;
    private final MatrixRole matrix;

    ColumnPass(DeployedModel model, int expert, MatrixRole matrix) {
        this.model = model;
        this.expert = expert;
        this.matrix = matrix;
    }

    Matrix forward(Matrix x, Deadline deadline) {
        LayerDefinition layer = model.layer();
        new Problems()
                .expectInput(x, layer.matrix(expert, matrix).inputs(), layer.elementType())
                .throwIfAny();
        int outputs = layer.matrix(expert, matrix).outputs();
        MatrixBuffer y = MatrixBuffer.allocate(x.elementType(), x.rows(), outputs);
        model.pieces().send(x, outputs, 1, deadline, (fromRow, rows) -> send(fromRow, rows, y, deadline));
        return y.toMatrix();
    }

    private Sent send(int fromRow, Matrix rows, MatrixBuffer y, Deadline deadline) {
        int layer = model.layer().index();
        Dispatch dispatch = model.dispatcher()
                .start(
                        (deployment, ranks) ->
                                new ForwardLayer(new MatrixId(deployment, layer, expert, matrix), ranks, rows),
                        deadline);
        return new Sent(dispatch, parts -> parts.forEach(part -> place(part, fromRow, rows.rows(), y)));
    }

    private void place(Part part, int fromRow, int rows, MatrixBuffer y) {
        Slices slices = new Slices(y.columns(), model.definition().ranks());
        Matrix columns =
                part.reply().result() == null ? null : part.reply().result().matrix();
        int width = part.ranks().stream()
                .mapToInt(rank -> slices.size(rank.number()))
                .sum();
        if (columns == null || columns.rows() != rows || columns.columns() != width) {
            throw new ExpertgridException("model '" + model.name() + "', ranks "
                    + part.ranks().stream().map(Rank::number).toList() + ": answered " + columns + " (expected: " + rows
                    + " x " + width + ")");
        }
        int column = 0;
        for (Rank rank : part.ranks()) {
            int size = slices.size(rank.number());
            for (int row = 0; row < rows; row++) {
                y.copy(columns, row, column, fromRow + row, slices.from(rank.number()), size);
            }
            column += size;
        }
    }
}
