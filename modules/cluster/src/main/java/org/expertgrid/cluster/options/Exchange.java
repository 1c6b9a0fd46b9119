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
     * round trip serves all experts. The caller adds one partial result per member, in the order of the ranks. Gives the same bits
     * while the ranks are grouped alike by member, and 1e-12 of scale otherwise.
     */
    REDUCE
}
