package org.expertgrid.cluster.layout;

import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.ranks.RankSlice;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.MatrixRole.Cut;
import org.expertgrid.experts.weights.MoeShape;

/**
 * How many ranks a layer can have: every rank has a part of each weight, and a panel of that part fits into a tile.
 *
 * @param exchange how the experts are cut
 * @param shape the sizes of the layer
 */
public record RankLimits(Exchange exchange, MoeShape shape) {
    /**
     * Adds the reasons why the experts cannot be divided over that many ranks.
     *
     * @param problems to add to, may have some already
     * @param name the name under which the number of ranks was given: {@code ranks}, or an option
     * @param ranks how many ranks are asked for
     * @return {@code problems}
     */
    public Problems expect(Problems problems, String name, int ranks) {
        int most = Integer.MAX_VALUE;
        int inputs = 0;
        RankSlice widest = new RankSlice(0, Math.max(1, ranks));
        for (int expert = shape.experts() - 1; expert < shape.allExperts(); expert++) {
            for (ExpertMatrix matrix : shape.expert(expert).matrices()) {
                Cut cut = exchange == Exchange.REDUCE ? matrix.role().cut() : Cut.OUTPUTS;
                most = Math.min(most, cut == Cut.OUTPUTS ? matrix.outputs() : matrix.inputs());
                inputs = Math.max(inputs, widest.of(matrix, cut).inputs());
            }
        }
        return problems.expect(ranks >= 1, name, ranks, "at least 1")
                .expect(
                        ranks <= most,
                        name,
                        ranks,
                        "at most " + most + ", so that each rank has a part of every weight")
                .expect(
                        inputs <= TileSizes.mostInputs(),
                        "inputs of a rank's part of a weight",
                        inputs,
                        "at most " + TileSizes.mostInputs()
                                + ", so that a panel of 64 bytes an input fits into a tile");
    }
}
