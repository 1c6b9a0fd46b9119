package org.expertgrid.cluster.layout;

import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.ElementType;

/**
 * How many ranks a model can have: every rank has a part of each weight, and a row of that part fits into a tile. More ranks do not
 * make the outputs of {@link Exchange#REDUCE} fewer.
 *
 * @param exchange how the experts are cut
 * @param shape the model's sizes, in elements
 * @param elementType the element type of its matrices
 */
public record RankLimits(Exchange exchange, MoeShape shape, ElementType elementType) {
    /**
     * Adds the reasons why the experts cannot be divided over that many ranks.
     *
     * @param problems to add to, may have some already
     * @param name the name under which the number of ranks was given: {@code ranks}, or an option
     * @param ranks how many ranks are asked for
     * @return {@code problems}
     */
    public Problems expect(Problems problems, String name, int ranks) {
        int most = exchange == Exchange.CONCAT ? Math.min(shape.hiddenDim(), shape.outputDim()) : shape.hiddenDim();
        int widest = TileSizes.maximumOutputs(elementType);
        return problems.expect(ranks >= 1, name, ranks, "at least 1")
                .expect(
                        ranks <= most,
                        name,
                        ranks,
                        "at most " + most + ", so that each rank has a part of every weight")
                .expect(
                        dividesOutputs() || shape.outputDim() <= widest,
                        "outputDim",
                        shape.outputDim(),
                        "at most " + widest + " with REDUCE, where every rank has all of them; CONCAT divides them")
                .expect(
                        widestPart(Math.max(1, ranks)) <= widest,
                        name,
                        ranks,
                        "so many that a rank's part of a weight is at most " + widest + " columns wide");
    }

    private boolean dividesOutputs() {
        return Cut.of(exchange, MatrixRole.FC2) == Cut.COLUMNS;
    }

    /** Returns the width of the widest part among those that more ranks make narrower. */
    private int widestPart(int ranks) {
        int first = new Slices(shape.hiddenDim(), ranks).size(0);
        return dividesOutputs() ? Math.max(first, new Slices(shape.outputDim(), ranks).size(0)) : first;
    }
}
