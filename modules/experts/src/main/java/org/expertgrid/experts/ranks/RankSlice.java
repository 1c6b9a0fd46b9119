package org.expertgrid.experts.ranks;

import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MatrixRole.Cut;
import org.expertgrid.kernels.WeightMatrix;

/**
 * The part of every weight that one of several ranks holds.
 *
 * <pre>
 *   cut by outputs   a rank computes some columns of the product, from all inputs (Megatron's ColumnParallelLinear)
 *   cut by inputs    a rank computes a share of every column, from some inputs (Megatron's RowParallelLinear);
 *                    the shares are added, and rank 0 alone has the bias
 * </pre>
 *
 * @param rank the rank's number, from 0
 * @param ranks how many ranks there are
 */
public record RankSlice(int rank, int ranks) {
    public RankSlice {
        if (rank < 0 || rank >= ranks) {
            new Problems()
                    .expect(ranks >= 1, "ranks", ranks, "at least 1")
                    .expect(false, "rank", rank, "0 to " + (ranks - 1))
                    .throwIfAny();
        }
    }

    /** Returns the rank's part of a weight, a view of it. */
    public LinearWeights of(LinearWeights whole, Cut cut) {
        if (cut == Cut.OUTPUTS) {
            return whole.outputRange(from(whole.outputs()), to(whole.outputs()));
        }
        WeightMatrix weight = whole.weight().rowRange(from(whole.inputs()), to(whole.inputs()));
        return new LinearWeights(weight, rank == 0 ? whole.bias() : null);
    }

    /** Returns the size of the rank's part of a matrix. */
    public ExpertMatrix of(ExpertMatrix whole, Cut cut) {
        return cut == Cut.OUTPUTS
                ? new ExpertMatrix(whole.role(), whole.inputs(), size(whole.outputs()))
                : new ExpertMatrix(whole.role(), size(whole.inputs()), whole.outputs());
    }

    /** Returns what the rank's part of the hidden width of an expert computes. */
    public ExpertShape of(ExpertShape whole) {
        return whole.withHiddenDim(size(whole.hiddenDim()));
    }

    /** Returns where the rank's part of a width begins. */
    public int from(int width) {
        return new Slices(width, ranks).from(rank);
    }

    private int to(int width) {
        return new Slices(width, ranks).to(rank);
    }

    /** Returns how much of a width is the rank's. */
    public int size(int width) {
        return new Slices(width, ranks).size(rank);
    }
}
