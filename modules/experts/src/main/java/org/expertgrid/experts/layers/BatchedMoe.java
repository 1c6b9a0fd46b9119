package org.expertgrid.experts.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.ranks.RankSlice;
import org.expertgrid.experts.ranks.RankTree;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;

/**
 * The whole layer in one JVM, all rows of an expert in one product, on all threads of a team: the honest baseline, and the
 * answer for a model that fits.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class BatchedMoe implements Layer {
    private final MoeShape shape;
    private final ElementType elementType;
    private final ThreadTeam team;
    private final Router router;
    private final GatedExperts pass;
    private final RankTree ranks;
    /** The parts of each expert, by the rank. */
    private final List<List<PackedExpert>> experts;

    /**
     * Packs the weights and builds the layer for another number of experts a row than the rule of the weights has.
     *
     * @param topK how many experts each row goes to, at least 1; more than there are means all
     */
    public BatchedMoe(MoeWeights weights, int topK, Kernels kernels, ThreadTeam team) {
        this(weights, weights.rule().withTopK(topK), kernels, team, 1);
    }

    /** Packs the weights and builds the layer. */
    public BatchedMoe(MoeWeights weights, Kernels kernels, ThreadTeam team) {
        this(weights, weights.rule(), kernels, team, 1);
    }

    /**
     * Packs the weights and builds the layer as that many ranks compute it: their shares are added as
     * {@link org.expertgrid.experts.ranks.RankTree} says. Gives the bits of a cluster with that many ranks.
     *
     * @param ranks at least 1 and at most the hidden width of every expert
     */
    public BatchedMoe(MoeWeights weights, Kernels kernels, ThreadTeam team, int ranks) {
        this(weights, weights.rule(), kernels, team, ranks);
    }

    private BatchedMoe(MoeWeights weights, RouterRule rule, Kernels kernels, ThreadTeam team, int ranks) {
        this.shape = weights.shape();
        this.elementType = weights.elementType();
        this.team = team;
        this.router = new Router(weights.router(), rule);
        this.pass = new GatedExperts(kernels, team);
        this.ranks = new RankTree(ranks);
        this.experts = IntStream.range(0, weights.shape().allExperts())
                .mapToObj(weights::expert)
                .map(expert -> IntStream.range(0, ranks)
                        .mapToObj(rank -> PackedExpert.of(expert, new RankSlice(rank, ranks)))
                        .toList())
                .toList();
    }

    @Override
    public Matrix forward(Matrix x) {
        return forward(x, route(x));
    }

    /** Returns which experts the rows of {@code x} go to, as {@link #forward(Matrix)} has it. */
    public Routing route(Matrix x) {
        new Problems().expectInput(x, shape.inputDim(), elementType).throwIfAny();
        return router.route(x, team);
    }

    /**
     * Returns the gated sum of the experts that each row of {@code x} goes to.
     *
     * @param routing what {@link #route} returns for {@code x}
     */
    public Matrix forward(Matrix x, Routing routing) {
        List<ExpertRows> active = new ArrayList<>();
        for (int e = 0; e < experts.size(); e++) {
            if (routing.expert(e).count() > 0) {
                active.add(new ExpertRows(routing.expert(e), experts.get(e)));
            }
        }
        return pass.forward(x, active, router.rule().gateOn(), shape.outputDim(), List.of(ranks.root()))
                .get(0);
    }
}
