package org.expertgrid.experts.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.expertgrid.experts.Examples;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bits of {@link BatchedMoe}: of a row they depend on the row and the weights, and on nothing else. */
class BatchedMoeTest {
    /** So large that every stage has several units on both axes, and no multiple of any block. */
    private static final MoeShape SHAPE = new MoeShape(37, 290, 270, 5);

    private static final int BATCH = 401;
    private static final ExecutorService POOL = Executors.newFixedThreadPool(3);

    @AfterAll
    static void stopThreads() {
        POOL.shutdown();
    }

    private static Matrix wide(ElementType type, int rows, SplittableRandom random) {
        return Examples.rows(type, rows, SHAPE.inputDim(), random);
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void anyNumberOfThreadsGivesTheSameBits(Kernels kernels, ElementType type) {
        SplittableRandom random = Examples.random(41);
        MoeWeights weights = Examples.weights(SHAPE, type, random);
        Matrix x = wide(type, BATCH, random);
        Matrix expected = new BatchedMoe(weights, 3, kernels, ThreadTeam.ofCaller()).forward(x);
        for (int threads = 1; threads <= 4; threads++) {
            BatchedMoe moe = new BatchedMoe(weights, 3, kernels, ThreadTeam.of(POOL, threads));
            Examples.assertSameBits(moe.forward(x), expected, threads + " threads");
        }
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void forOneOrTwoExpertsARowItHasSimpleMoesBits(Kernels kernels, ElementType type) {
        SplittableRandom random = Examples.random(42);
        MoeWeights weights = Examples.weights(SHAPE, type, random);
        Matrix x = wide(type, 61, random);
        for (int topK = 1; topK <= 2; topK++) {
            Matrix expected = new SimpleMoe(weights, topK, kernels).forward(x);
            Matrix y = new BatchedMoe(weights, topK, kernels, ThreadTeam.of(POOL, 2)).forward(x);
            Examples.assertSameBits(y, expected, "top-k " + topK);
        }
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void forMoreExpertsARowItIsAsCloseToSimpleMoeAsSumsInAnotherOrderAre(Kernels kernels, ElementType type) {
        SplittableRandom random = Examples.random(43);
        MoeWeights weights = Examples.weights(SHAPE, type, random);
        Matrix x = wide(type, 20, random);
        double tolerance = type == ElementType.FLOAT64 ? 1e-15 : 1e-6;
        double[] expected = new SimpleMoe(weights, 99, kernels).forward(x).toDoubleArray();
        assertThat(new BatchedMoe(weights, 99, kernels, ThreadTeam.of(POOL, 2))
                        .forward(x)
                        .toDoubleArray())
                .containsExactly(expected, within(tolerance * Examples.scale(expected)));
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void aRowsBitsDoNotDependOnTheRowsBesideIt(Kernels kernels, ElementType type) {
        SplittableRandom random = Examples.random(44);
        BatchedMoe moe = new BatchedMoe(Examples.weights(SHAPE, type, random), 2, kernels, ThreadTeam.of(POOL, 2));
        Matrix x = wide(type, BATCH, random);
        Matrix expected = moe.forward(x);
        int step = 7;
        for (int from = 0; from < x.rows(); from += step) {
            int to = Math.min(from + 1 + from / step % 9, x.rows());
            Examples.assertSameBits(
                    moe.forward(x.rowRange(from, to)), expected.rowRange(from, to), "rows " + from + " to " + to);
        }
        int[] shuffled = random.ints(BATCH, 0, BATCH).toArray();
        Examples.assertSameBits(moe.forward(x.selectRows(shuffled)), expected.selectRows(shuffled), "shuffled");
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void workingMemoryOfACallDoesNotReachTheNext(Kernels kernels, ElementType type) {
        SplittableRandom random = Examples.random(45);
        MoeWeights weights = Examples.weights(SHAPE, type, random);
        BatchedMoe moe = new BatchedMoe(weights, 2, kernels, ThreadTeam.of(POOL, 2));
        Matrix large = wide(type, BATCH, random);
        Matrix nan = Examples.full(type, BATCH, SHAPE.inputDim(), Double.NaN);
        Matrix infinite = Examples.full(type, 50, SHAPE.inputDim(), Double.POSITIVE_INFINITY);
        Matrix nanThenNumbers = Examples.concatenate(List.of(nan.rowRange(0, 5), large.rowRange(0, 9)));
        List<Matrix> calls = List.of(
                large,
                large.rowRange(3, 4),
                large,
                nan,
                large.rowRange(0, 17),
                nan,
                large,
                infinite,
                nanThenNumbers,
                large.rowRange(0, 0),
                nan.rowRange(0, 2),
                large.rowRange(100, 103),
                large);
        List<Matrix> results = new ArrayList<>();
        for (Matrix x : calls) {
            results.add(moe.forward(x));
        }
        for (int i = 0; i < calls.size(); i++) {
            Matrix fresh = new BatchedMoe(weights, 2, kernels, ThreadTeam.ofCaller()).forward(calls.get(i));
            Examples.assertSameBits(results.get(i), fresh, "call " + i);
        }
    }

    /** All rows go to experts 1 and 3, and later to 0 and 2: other experts use the same working memory. */
    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void expertsWithoutRowsDoNothingAndTheirPlaceIsTakenByOthers(Kernels kernels, ElementType type) {
        SplittableRandom random = Examples.random(46);
        MoeWeights weights = Examples.weights(SHAPE, type, random);
        double[] direction = new double[SHAPE.inputDim() * SHAPE.experts()];
        System.arraycopy(new double[] {-2, 2, -1, 1, 0}, 0, direction, 0, SHAPE.experts());
        RouterWeights router = new RouterWeights(
                Matrix.wrap(SHAPE.inputDim(), SHAPE.experts(), direction).to(type),
                Matrix.zeros(type, 1, SHAPE.experts()));
        MoeWeights skewed = MoeWeights.of(
                router,
                List.of(weights.expert(0), weights.expert(1), weights.expert(2), weights.expert(3), weights.expert(4)));
        BatchedMoe moe = new BatchedMoe(skewed, 2, kernels, ThreadTeam.of(POOL, 3));
        SimpleMoe simple = new SimpleMoe(skewed, 2, kernels);
        for (double first : new double[] {1, -1, 1}) {
            double[] values = wide(type, 100, random).toDoubleArray();
            for (int row = 0; row < 100; row++) {
                values[row * SHAPE.inputDim()] = first;
            }
            Matrix x = Matrix.wrap(100, SHAPE.inputDim(), values).to(type);
            Routing routing = new Router(router, RouterRule.seed(2)).route(x);
            assertThat(routing.expert(first > 0 ? 1 : 0).count()).isEqualTo(100);
            Examples.assertSameBits(moe.forward(x), simple.forward(x), "first column " + first);
        }
    }
}
