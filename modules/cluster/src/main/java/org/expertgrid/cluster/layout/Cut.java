package org.expertgrid.cluster.layout;

import java.util.List;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;
import org.expertgrid.kernels.WeightMatrix;

/** How one linear layer is divided over the ranks. */
public enum Cut {
    /** A rank computes some of the outputs from all inputs (Megatron's ColumnParallelLinear). */
    COLUMNS {
        @Override
        public LinearWeights slice(LinearWeights whole, int rank, int ranks) {
            Slices slices = new Slices(whole.outputs(), ranks);
            return whole.outputRange(slices.from(rank), slices.to(rank));
        }

        @Override
        public LinearWeights join(List<LinearWeights> slices) {
            LinearWeights first = slices.get(0);
            int outputs = slices.stream().mapToInt(LinearWeights::outputs).sum();
            MatrixBuffer weight = MatrixBuffer.allocate(first.elementType(), first.inputs(), outputs);
            MatrixBuffer bias = MatrixBuffer.allocate(first.elementType(), 1, outputs);
            int column = 0;
            for (LinearWeights slice : slices) {
                weight.copyColumns(slice.weight().toMatrix(), column);
                bias.copyColumns(slice.bias(), column);
                column += slice.outputs();
            }
            return new LinearWeights(weight.toMatrix(), bias.toMatrix());
        }

        @Override
        public SliceShape shape(int inputs, int outputs, int rank, int ranks) {
            return new SliceShape(inputs, new Slices(outputs, ranks).size(rank));
        }
    },
    /**
     * A rank computes a share of every output from some of the inputs; the shares are to be added (Megatron's
     * RowParallelLinear). The first rank has the bias, so that it is added once, the others have zeros.
     */
    ROWS {
        @Override
        public LinearWeights slice(LinearWeights whole, int rank, int ranks) {
            Slices slices = new Slices(whole.inputs(), ranks);
            WeightMatrix weight = whole.weight().rowRange(slices.from(rank), slices.to(rank));
            Matrix bias = rank == 0 ? whole.bias() : Matrix.zeros(whole.elementType(), 1, whole.outputs());
            return new LinearWeights(weight, bias);
        }

        @Override
        public LinearWeights join(List<LinearWeights> slices) {
            LinearWeights first = slices.get(0);
            int inputs = slices.stream().mapToInt(LinearWeights::inputs).sum();
            MatrixBuffer weight = MatrixBuffer.allocate(first.elementType(), inputs, first.outputs());
            int row = 0;
            for (LinearWeights slice : slices) {
                weight.copyRows(slice.weight().toMatrix(), row);
                row += slice.inputs();
            }
            return new LinearWeights(weight.toMatrix(), first.bias());
        }

        @Override
        public SliceShape shape(int inputs, int outputs, int rank, int ranks) {
            return new SliceShape(new Slices(inputs, ranks).size(rank), outputs);
        }
    };

    /** Returns how an exchange divides one of an expert's matrices over the ranks. */
    public static Cut of(Exchange exchange, MatrixRole matrix) {
        return exchange == Exchange.REDUCE && matrix == MatrixRole.FC2 ? ROWS : COLUMNS;
    }

    /** Returns the part of {@code whole} that one of {@code ranks} ranks holds. */
    public abstract LinearWeights slice(LinearWeights whole, int rank, int ranks);

    /** Returns neighbouring ranks' parts, in the order of the ranks, as the one wider part that they are together. */
    public abstract LinearWeights join(List<LinearWeights> slices);

    /** Returns the size of a rank's part of a weight {@code [inputs, outputs]}. */
    public abstract SliceShape shape(int inputs, int outputs, int rank, int ranks);
}
