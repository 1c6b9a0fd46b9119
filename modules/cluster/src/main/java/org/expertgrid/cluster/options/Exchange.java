package org.expertgrid.cluster.options;

import org.expertgrid.cluster.layout.Cut;
import org.expertgrid.cluster.layout.MatrixRole;
import org.expertgrid.cluster.shards.ShardTile;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.ElementType;

/**
 * How the two layers of an expert are cut over the ranks, and so what travels between them and the caller.
 *
 * <p>Safe for use by many threads.
 */
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

    /**
     * Adds what keeps experts from being divided over so many ranks this way: every rank must have a part of each weight, and a
     * row of that part must fit a tile of 8 MiB. More ranks do not make the outputs of {@link #REDUCE} fewer.
     *
     * @param problems to add to, of which there may be some already
     * @param name what the number of ranks is called where it was given: {@code ranks}, or an option
     * @param ranks how many ranks are asked for
     * @param shape the model's sizes, in elements
     * @param elementType what its matrices hold
     * @return {@code problems}
     */
    public Problems expectRanks(Problems problems, String name, int ranks, MoeShape shape, ElementType elementType) {
        int most = this == CONCAT ? Math.min(shape.hiddenDim(), shape.outputDim()) : shape.hiddenDim();
        int widest = ShardTile.maximumOutputs(elementType);
        return problems.expect(ranks >= 1, name, ranks, "at least 1")
                .expect(
                        ranks <= most,
                        name,
                        ranks,
                        "at most " + most + ", so that each rank has a part of every weight")
                .expect(
                        fc2 == Cut.COLUMNS || shape.outputDim() <= widest,
                        "outputDim",
                        shape.outputDim(),
                        "at most " + widest + " with REDUCE, where every rank has all of them; CONCAT divides them")
                .expect(
                        widestPart(Math.max(1, ranks), shape) <= widest,
                        name,
                        ranks,
                        "so many that a rank's part of a weight is at most " + widest + " columns wide");
    }

    /** Of those parts that are narrower the more ranks there are. */
    private int widestPart(int ranks, MoeShape shape) {
        int first = fc1.shape(shape.inputDim(), shape.hiddenDim(), 0, ranks).outputs();
        return fc2 == Cut.COLUMNS
                ? Math.max(
                        first,
                        fc2.shape(shape.hiddenDim(), shape.outputDim(), 0, ranks)
                                .outputs())
                : first;
    }

    public Cut cut(MatrixRole matrix) {
        return matrix == MatrixRole.FC1 ? fc1 : fc2;
    }
}
