package org.expertgrid.cluster;

/** How the two layers of an expert are cut over the ranks, and so what travels between them and the caller. */
public enum Exchange {
    /**
     * The seed's: both layers cut by columns. Each layer's results come back to the caller, are concatenated by rank, and go
     * out again; one expert at a time. Gives BatchedMoe's bits on any members and any number of ranks.
     */
    CONCAT;

    Cut cut(MatrixRole matrix) {
        return Cut.COLUMNS;
    }
}
