package org.expertgrid.experts.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.ranks.RankTree;
import org.expertgrid.experts.ranks.RankTree.Subtree;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * Takes a batch through the experts of a layer, or through the parts of each that some ranks hold: every row through every expert
 * that it is routed to, times its gate, added up.
 *
 * <p>A rank's share of y is the sum over its experts in ascending order. The shares of ranks are added as {@link RankTree} says. The bits
 * of a sum depend on the number of ranks of the layer alone: not on threads, nor on which of its subtrees are asked for.
 *
 * <p>Working memory is kept from call to call, as much as calls ran at the same time. Safe for use by many threads.
 */
public final class GatedExperts {
    private static final List<Subtree> ONE_RANK = List.of(new RankTree(1).root());

    private final Kernels kernels;
    private final ThreadTeam team;
    private final WorkingMemory<GatedPass.Scratch> memory;

    /** Computes with these kernels on the threads of this team. */
    public GatedExperts(Kernels kernels, ThreadTeam team) {
        this.kernels = kernels;
        this.team = team;
        this.memory = new WorkingMemory<>(type -> new GatedPass.Scratch(kernels, type));
    }

    /**
     * Returns the gated sum of the experts' outputs for each row of {@code x}.
     *
     * @param x {@code [any, inputDim]}
     * @param rows the rows of {@code x} that each expert takes, with their gates
     * @param experts the experts, at least one, as wide in and out as each other; shared experts are experts that take all rows
     * @param gateOn whether gates multiply the outputs of the experts, or the rows that go in
     * @return {@code [x.rows, outputDim]}, of the element type of {@code x}
     * @throws IllegalArgumentException if there are no experts or not as many as rows, or if {@code x} is not as wide as their input or
     *     of another element type
     * @throws IndexOutOfBoundsException if an expert takes a row that {@code x} does not have
     */
    public Matrix forward(Matrix x, List<GatedRows> rows, List<PackedExpert> experts, GateOn gateOn) {
        new Problems()
                .expect(
                        rows.size() == experts.size(),
                        "rows",
                        "of " + rows.size() + " experts",
                        "of " + experts.size() + " experts")
                .expect(!experts.isEmpty(), "experts", 0, "at least 1")
                .throwIfAny();
        int outputs = experts.get(0).last().outputs();
        checkFit(x, experts.stream(), outputs);
        List<ExpertRows> active = new ArrayList<>();
        for (int e = 0; e < experts.size(); e++) {
            if (rows.get(e).count() > 0) {
                active.add(new ExpertRows(rows.get(e), List.of(experts.get(e))));
            }
        }
        return forward(x, active, gateOn, outputs, ONE_RANK).get(0);
    }

    /**
     * Returns the sum of some ranks' shares of the layer's result, for each subtree of the ranks.
     *
     * @param x {@code [any, inputDim]}
     * @param experts the experts that rows go to, in ascending order, each with one part for every rank of the subtrees
     * @param gateOn whether gates multiply the outputs of the experts, or the rows that go in
     * @param outputs the width of the result
     * @param subtrees what is added, at least one subtree
     * @return {@code [x.rows, outputs]} for each subtree, of the element type of {@code x}
     * @throws IllegalArgumentException if {@code x} is not as wide as an expert's input or of another element type, or if an expert has
     *     not one part a rank or another width of outputs
     * @throws IndexOutOfBoundsException if an expert takes a row that {@code x} does not have
     */
    public List<Matrix> forward(
            Matrix x, List<ExpertRows> experts, GateOn gateOn, int outputs, List<Subtree> subtrees) {
        int ranks = subtrees.stream()
                .mapToInt(subtree -> subtree.to() - subtree.from())
                .sum();
        for (ExpertRows expert : experts) {
            new Problems()
                    .expect(
                            expert.parts().size() == ranks,
                            "parts of an expert",
                            expert.parts().size(),
                            ranks + ", one for each rank")
                    .throwIfAny();
        }
        checkFit(x, experts.stream().flatMap(expert -> expert.parts().stream()), outputs);
        List<MatrixBuffer> sums = subtrees.stream()
                .map(subtree -> MatrixBuffer.allocate(x.elementType(), x.rows(), outputs))
                .toList();
        if (!experts.isEmpty()) {
            ThreadTeam worth = team.worth(products(experts));
            memory.lend(
                    x.elementType(),
                    scratch -> new GatedPass(kernels, worth, scratch, x, experts, gateOn, subtrees, sums).run());
        }
        return sums.stream().map(MatrixBuffer::toMatrix).toList();
    }

    private static void checkFit(Matrix x, Stream<PackedExpert> experts, int outputs) {
        experts.forEach(expert -> new Problems()
                .expectInput(x, expert.first().inputs(), expert.first().elementType())
                .expect(
                        expert.last().outputs() == outputs,
                        "outputs of an expert",
                        expert.last().outputs(),
                        outputs + ", as every expert has")
                .throwIfAny());
    }

    private static long products(List<ExpertRows> experts) {
        return experts.stream()
                .mapToLong(expert -> expert.parts().stream()
                                .mapToLong(PackedExpert::productsOfRow)
                                .sum()
                        * expert.rows().count())
                .sum();
    }
}
