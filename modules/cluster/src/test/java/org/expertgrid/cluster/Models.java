package org.expertgrid.cluster;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;

/** Small models for tests, and what one JVM makes of them. */
public final class Models {
    public static final MoeShape SHAPE = new MoeShape(17, 29, 12, 5);
    public static final int TOP_K = 3;

    private Models() {}

    public static MoeWeights weights(ElementType type) {
        return weights(SHAPE, type);
    }

    public static MoeWeights weights(MoeShape shape, ElementType type) {
        return MoeWeights.random(shape, type, new NamedRandomStates()).inMemory();
    }

    /** Returns the definition of {@link #weights(ElementType)} in float64 as a model. */
    public static ModelDefinition definition(ModelDefinition.Kind kind, int topK, Exchange exchange, int ranks) {
        LayerDefinition layer =
                LayerDefinition.of(0, weights(ElementType.FLOAT64)).withTopK(topK);
        return ModelDefinition.of(kind, "", exchange, ranks, List.of(layer));
    }

    public static Matrix rows(int count, ElementType type) {
        return rows(count, SHAPE.inputDim(), type);
    }

    public static Matrix rows(int count, int width, ElementType type) {
        return new RandomState(count).randn(count, width).to(type);
    }

    /** Returns what BatchedMoe gives. */
    public static Matrix expected(MoeWeights weights, int topK, Matrix x) {
        return new BatchedMoe(weights, topK, KernelsChoice.best(), ThreadTeam.of(ForkJoinPool.commonPool(), 2))
                .forward(x);
    }

    /** Returns what BatchedMoe gives for experts that are cut over that many ranks, the bits of REDUCE. */
    public static Matrix expected(MoeWeights weights, int topK, int ranks, Matrix x) {
        MoeWeights withTopK = MoeWeights.of(
                weights.rule().withTopK(topK),
                weights.router(),
                IntStream.range(0, weights.shape().allExperts())
                        .mapToObj(weights::expert)
                        .toList());
        return new BatchedMoe(withTopK, KernelsChoice.best(), ThreadTeam.of(ForkJoinPool.commonPool(), 2), ranks)
                .forward(x);
    }

    public static SplittableRandom random(long seed) {
        System.out.println("seed " + seed);
        return new SplittableRandom(seed);
    }
}
