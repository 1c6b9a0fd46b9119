package org.expertgrid.experts.layers;

import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.RouterRule;
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
    private final List<PackedExpert> experts;

    /**
     * Packs the weights and builds the layer for another number of experts a row than the rule of the weights has.
     *
     * @param topK how many experts each row goes to, at least 1; more than there are means all
     */
    public BatchedMoe(MoeWeights weights, int topK, Kernels kernels, ThreadTeam team) {
        this(weights, weights.rule().withTopK(topK), kernels, team);
    }

    /** Packs the weights and builds the layer. */
    public BatchedMoe(MoeWeights weights, Kernels kernels, ThreadTeam team) {
        this(weights, weights.rule(), kernels, team);
    }

    private BatchedMoe(MoeWeights weights, RouterRule rule, Kernels kernels, ThreadTeam team) {
        this.shape = weights.shape();
        this.elementType = weights.elementType();
        this.team = team;
        this.router = new Router(weights.router(), rule);
        this.pass = new GatedExperts(kernels, team);
        this.experts = IntStream.range(0, weights.shape().allExperts())
                .mapToObj(e -> PackedExpert.of(weights.expert(e)))
                .toList();
    }

    @Override
    public Matrix forward(Matrix x) {
        new Problems().expectInput(x, shape.inputDim(), elementType).throwIfAny();
        return pass.forward(
                x, router.route(x, team).byExpert(), experts, router.rule().gateOn());
    }
}
