package org.expertgrid.experts.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.expertgrid.experts.Examples;
import org.expertgrid.experts.FailingKernels;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ColumnParallelTest {
    private static final int INPUTS = 41;
    private static final int OUTPUTS = 301;
    private static final ExecutorService POOL = Executors.newFixedThreadPool(2);

    @AfterAll
    static void stopThreads() {
        POOL.shutdown();
    }

    /** Slices the columns at these places. */
    private static List<PackedWeights> slices(LinearWeights weights, Kernels kernels, int... cuts) {
        List<PackedWeights> slices = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : weights.outputs();
            LinearWeights slice = weights.outputRange(from, to);
            slices.add(slice.packed());
            from = to;
        }
        return slices;
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void slicesOfAnyWidthGiveTheBitsOfTheWholeWeight(Kernels kernels, ElementType type) {
        SplittableRandom random = Examples.random(61);
        LinearWeights weights = Examples.linear(type, INPUTS, OUTPUTS, random);
        Linear whole = new Linear(weights, kernels);
        List<List<PackedWeights>> slicings = new ArrayList<>(List.of(
                slices(weights, kernels),
                slices(weights, kernels, 1),
                slices(weights, kernels, 300),
                slices(weights, kernels, 101, 201),
                slices(weights, kernels, 31, 61, 91, 121, 151, 181, 211, 241, 271),
                slices(weights, kernels, 64, 64, 128, 256)));
        for (int i = 0; i < 5; i++) {
            slicings.add(slices(
                    weights, kernels, random.ints(1 + i, 0, OUTPUTS).sorted().toArray()));
        }
        for (int threads = 1; threads <= 3; threads++) {
            ColumnParallel product = new ColumnParallel(kernels, ThreadTeam.of(POOL, threads));
            for (int rows : new int[] {1, 2, 95, 96, 97, 200}) {
                Matrix x = Examples.rows(type, rows, INPUTS, random);
                Matrix expected = whole.forward(x);
                for (List<PackedWeights> slices : slicings) {
                    String what = rows + " rows, slices of "
                            + slices.stream().map(PackedWeights::outputs).toList();
                    Examples.assertSameBits(product.forward(x, slices), expected, what);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void noRowsOrNoSlicesGiveNothingOfTheRightShape(Kernels kernels, ElementType type) {
        LinearWeights weights = Examples.linear(type, INPUTS, OUTPUTS, Examples.random(62));
        ColumnParallel product = new ColumnParallel(kernels, ThreadTeam.of(POOL, 2));
        assertThat(product.forward(Matrix.zeros(type, 0, INPUTS), slices(weights, kernels, 100)))
                .isEqualTo(Matrix.zeros(type, 0, OUTPUTS));
        assertThat(product.forward(Matrix.zeros(type, 3, INPUTS), List.of())).isEqualTo(Matrix.zeros(type, 3, 0));
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void wrongRowsAreRefusedAlsoWhereThereAreNone(Kernels kernels, ElementType type) {
        LinearWeights weights = Examples.linear(type, INPUTS, OUTPUTS, Examples.random(66));
        ElementType other = type == ElementType.FLOAT64 ? ElementType.FLOAT32 : ElementType.FLOAT64;
        ColumnParallel product = new ColumnParallel(kernels, ThreadTeam.of(POOL, 2));
        for (int rows : new int[] {0, 3}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> product.forward(Matrix.zeros(other, rows, INPUTS - 1), slices(weights, kernels, 100)))
                    .withMessage("x.columns: 40 (expected: the layer's input width 41); x.elementType: " + other
                            + " (expected: " + type + ", see Matrix.to)");
        }
    }

    /** Widths, heights and element types change from call to call, and some calls are all NaN. */
    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void workingMemoryOfACallDoesNotReachTheNext(Kernels kernels, ElementType type) {
        SplittableRandom random = Examples.random(63);
        ElementType other = type == ElementType.FLOAT64 ? ElementType.FLOAT32 : ElementType.FLOAT64;
        ColumnParallel product = new ColumnParallel(kernels, ThreadTeam.of(POOL, 2));
        for (int call = 0; call < 30; call++) {
            ElementType typeOfCall = call % 3 == 2 ? other : type;
            int inputs = 1 + random.nextInt(60);
            int rows = 1 + random.nextInt(150);
            LinearWeights weights = Examples.linear(typeOfCall, inputs, 2 + random.nextInt(80), random);
            Matrix x = call % 4 == 1
                    ? Examples.full(typeOfCall, rows, inputs, Double.NaN)
                    : Examples.rows(typeOfCall, rows, inputs, random);
            Examples.assertSameBits(
                    product.forward(x, slices(weights, kernels, weights.outputs() / 2)),
                    new Linear(weights, kernels).forward(x),
                    "call " + call);
        }
    }

    @Test
    void callsFromManyThreadsGetTheirOwnRows() throws Exception {
        SplittableRandom random = Examples.random(64);
        Kernels kernels = KernelsChoice.best();
        LinearWeights weights = Examples.linear(ElementType.FLOAT64, INPUTS, OUTPUTS, random);
        List<PackedWeights> slices = slices(weights, kernels, 100, 200);
        ColumnParallel product = new ColumnParallel(kernels, ThreadTeam.of(POOL, 2));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            CyclicBarrier together = new CyclicBarrier(4);
            List<Future<Void>> calls = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                Matrix x = Examples.rows(ElementType.FLOAT64, 1 + 50 * caller, INPUTS, random);
                Matrix expected = new Linear(weights, kernels).forward(x);
                calls.add(threads.submit(() -> {
                    together.await();
                    for (int i = 0; i < 50; i++) {
                        Examples.assertSameBits(product.forward(x, slices), expected, x + ", call " + i);
                    }
                    return null;
                }));
            }
            for (Future<Void> call : calls) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aFailureIsThrownAndLeavesItUsable() {
        SplittableRandom random = Examples.random(65);
        FailingKernels kernels = new FailingKernels();
        LinearWeights weights = Examples.linear(ElementType.FLOAT64, INPUTS, OUTPUTS, random);
        List<PackedWeights> slices = slices(weights, kernels, 150);
        Matrix x = Examples.rows(ElementType.FLOAT64, 120, INPUTS, random);
        ColumnParallel product = new ColumnParallel(kernels, ThreadTeam.of(POOL, 3));
        Matrix expected = product.forward(x, slices);
        int all = kernels.products();
        assertThat(all).isGreaterThan(1);
        for (int products = 0; products < all; products++) {
            kernels.failAfter(products);
            assertThatIllegalStateException().isThrownBy(() -> product.forward(x, slices));
            kernels.work();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> product.forward(Matrix.zeros(ElementType.FLOAT64, 2, INPUTS + 1), slices))
                    .withMessage("x.columns: 42 (expected: the layer's input width 41)");
            Examples.assertSameBits(product.forward(x, slices), expected, "after a failure in product " + products);
        }
    }
}
