package org.expertgrid.cluster;

/** How the two layers of an expert are cut over the ranks, and so what travels between them and the caller. */
public enum Exchange {
    /**
     * The seed's: both layers cut by columns. Each layer's results come back to the caller, are concatenated by rank, and go
     * out again; one expert at a time. Gives BatchedMoe's bits on any members and any number of ranks.
     */
    CONCAT(Cut.COLUMNS, Cut.COLUMNS),
    /**
     * One round trip, whatever the number of experts: the first layer is cut by columns and the second by rows, so that a rank
     * takes its rows through both without asking anyone, and the caller adds one partial result per member, in the order
     * of the ranks. Gives the same bits while the ranks are grouped alike by member, and 1e-12 of scale otherwise.
     */
    REDUCE(Cut.COLUMNS, Cut.ROWS);

    private final Cut fc1;
    private final Cut fc2;

    Exchange(Cut fc1, Cut fc2) {
        this.fc1 = fc1;
        this.fc2 = fc2;
    }

    Cut cut(MatrixRole matrix) {
        return matrix == MatrixRole.FC1 ? fc1 : fc2;
    }
}
