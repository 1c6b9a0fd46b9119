package org.expertgrid.cluster;

import org.expertgrid.experts.LinearWeights;

/** How one linear layer is divided over the ranks. */
enum Cut {
    /** A rank computes some of the outputs from all inputs (Megatron's ColumnParallelLinear). */
    COLUMNS {
        @Override
        LinearWeights slice(LinearWeights whole, int rank, int ranks) {
            Slices slices = new Slices(whole.outputs(), ranks);
            return whole.outputRange(slices.from(rank), slices.to(rank));
        }

        @Override
        SliceShape shape(int inputs, int outputs, int rank, int ranks) {
            return new SliceShape(inputs, new Slices(outputs, ranks).size(rank));
        }
    };

    /** Returns the part of {@code whole} that one of {@code ranks} ranks holds. */
    abstract LinearWeights slice(LinearWeights whole, int rank, int ranks);

    /** Returns the size of that part of a weight {@code [inputs, outputs]}. */
    abstract SliceShape shape(int inputs, int outputs, int rank, int ranks);
}
