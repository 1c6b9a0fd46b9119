package org.expertgrid.cluster;

import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.LinearWeights;
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

    /** Returns the router of {@link #weights(ElementType)}. */
    public static LinearWeights router(ElementType type) {
        RouterWeights router = weights(type).router();
        return new LinearWeights(router.weight(), router.bias());
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

    public static SplittableRandom random(long seed) {
        System.out.println("seed " + seed);
        return new SplittableRandom(seed);
    }
}
