package org.expertgrid.experts.layers;

import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;

/**
 * The whole layer in one JVM, all rows of an expert in one product, on all threads of a team: the honest baseline, and the
 * answer for a model that fits.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class BatchedMoe implements Layer {
    private final int topK;
    private final ThreadTeam team;
    private final Router router;
    private final GatedExperts pass;
    private final List<GatedExperts.Packed> experts;

    /**
     * Packs the weights and builds the layer.
     *
     * @param topK how many experts each row goes to, at least 1; more than there are means all
     */
    public BatchedMoe(MoeWeights weights, int topK, Kernels kernels, ThreadTeam team) {
        this.topK = weights.shape().effectiveTopK(topK);
        this.team = team;
        this.router = new Router(weights.router());
        this.pass = new GatedExperts(kernels, team);
        this.experts = IntStream.range(0, weights.shape().experts())
                .mapToObj(e -> GatedExperts.Packed.of(weights.expert(e)))
                .toList();
    }

    @Override
    public Matrix forward(Matrix x) {
        return pass.forward(x, router.route(x, topK, team).byExpert(), experts);
    }
}
