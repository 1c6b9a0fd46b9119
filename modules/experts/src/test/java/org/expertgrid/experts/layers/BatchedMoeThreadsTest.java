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
import java.util.concurrent.RejectedExecutionException;
import org.expertgrid.experts.Examples;
import org.expertgrid.experts.FailingKernels;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link BatchedMoe} among threads: many callers, executors of every kind, and failures. */
@Tag("slow")
class BatchedMoeThreadsTest {
    private static final MoeShape SHAPE = new MoeShape(20, 150, 140, 4);

    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final SplittableRandom random = Examples.random(51);
    private final MoeWeights weights = Examples.weights(SHAPE, ElementType.FLOAT64, random);
    private final Matrix x = Examples.rows(ElementType.FLOAT64, 300, SHAPE.inputDim(), random);
    private final Matrix expected = new BatchedMoe(weights, 2, KernelsChoice.best(), ThreadTeam.ofCaller()).forward(x);

    @AfterEach
    void stopThreads() {
        pool.shutdownNow();
    }

    private BatchedMoe moe(ThreadTeam team) {
        return new BatchedMoe(weights, 2, KernelsChoice.best(), team);
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void callsFromManyThreadsGetTheirOwnRows(Kernels kernels, ElementType type) throws Exception {
        int callers = 4;
        MoeWeights ofType = Examples.to(type, weights);
        BatchedMoe moe = new BatchedMoe(ofType, 2, kernels, ThreadTeam.of(pool, 3));
        List<Matrix> batches = new ArrayList<>();
        List<Matrix> results = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            batches.add(Examples.rows(type, 1 + 70 * i, SHAPE.inputDim(), random));
            results.add(new BatchedMoe(ofType, 2, kernels, ThreadTeam.ofCaller()).forward(batches.get(i)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            CyclicBarrier together = new CyclicBarrier(callers);
            List<Future<Void>> calls = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                int first = caller;
                calls.add(threads.submit(() -> {
                    together.await();
                    for (int i = 0; i < 12; i++) {
                        int batch = (first + i) % callers;
                        Examples.assertSameBits(moe.forward(batches.get(batch)), results.get(batch), "batch " + batch);
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
    void anExecutorThatRejectsEverythingLeavesTheWorkToTheCaller() {
        BatchedMoe moe = moe(ThreadTeam.of(
                task -> {
                    throw new RejectedExecutionException("full");
                },
                4));
        Examples.assertSameBits(moe.forward(x), expected, "rejecting");
    }

    @Test
    void anExecutorThatRunsWhereItIsCalledWorks() {
        Examples.assertSameBits(moe(ThreadTeam.of(Runnable::run, 4)).forward(x), expected, "direct");
    }

    @Test
    void anExecutorThatForgetsEverythingLeavesTheWorkToTheCaller() {
        Examples.assertSameBits(moe(ThreadTeam.of(task -> {}, 4)).forward(x), expected, "forgetting");
    }

    @Test
    void anExecutorThatWasShutDownLeavesTheWorkToTheCaller() {
        BatchedMoe moe = moe(ThreadTeam.of(pool, 3));
        pool.shutdown();
        Examples.assertSameBits(moe.forward(x), expected, "shut down");
    }

    @Test
    void anExecutorWhoseOnlyThreadIsTheCallerWorks() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            BatchedMoe moe = moe(ThreadTeam.of(one, 3));
            Examples.assertSameBits(one.submit(() -> moe.forward(x)).get(), expected, "first call");
            Examples.assertSameBits(one.submit(() -> moe.forward(x)).get(), expected, "second call");
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void aRefusedBatchLeavesItUsable() {
        BatchedMoe moe = moe(ThreadTeam.of(pool, 3));
        for (int i = 0; i < 5; i++) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> moe.forward(Matrix.zeros(ElementType.FLOAT64, 3, SHAPE.inputDim() + 1)))
                    .withMessage("x.columns: 21 (expected: the layer's input width 20)");
            Examples.assertSameBits(moe.forward(x), expected, "after " + i);
        }
    }

    @Test
    void aFailureAnywhereInACallIsThrownAndLeavesItUsable() {
        FailingKernels kernels = new FailingKernels();
        BatchedMoe moe = new BatchedMoe(weights, 2, kernels, ThreadTeam.of(pool, 3));
        Matrix undisturbed = moe.forward(x);
        int all = kernels.products();
        assertThat(all).isGreaterThan(1);
        for (int products = 0; products < all; products++) {
            kernels.failAfter(products);
            assertThatIllegalStateException().isThrownBy(() -> moe.forward(x)).withMessage("told to fail");
            kernels.work();
            Examples.assertSameBits(moe.forward(x), undisturbed, "after a failure in product " + products);
        }
    }
}
