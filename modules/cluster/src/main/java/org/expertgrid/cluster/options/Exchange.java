package org.expertgrid.cluster.options;

/** How the two layers of an expert are cut over the ranks. This decides what travels between the ranks and the caller. */
public enum Exchange {
    /**
     * Both layers are cut by columns, as in the seed. Each layer's results come back to the caller, are concatenated by rank, and go
     * out again, one expert at a time. Gives BatchedMoe's bits for any members and any number of ranks.
     */
    CONCAT,
    /**
     * The first layer is cut by columns and the second by rows. A rank takes its rows through both without asking another, so one
     * round trip serves all experts. Partial results are added along a binary tree over the numbers of the ranks. Gives the same bits for any members
     * while the number of ranks is the same, and 1e-12 of scale otherwise (float64). Weights of W8A8 and W4A8 differ more between numbers of ranks: a
     * group of inputs that ranks cut in two has two scales for its rows.
     */
    REDUCE
}
