package org.expertgrid.experts.layers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AllocationTest {
    private static final double MOST = 3;

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void aForwardAllocatesLittleMoreThanItsOutput(ElementType type) {
        MoeShape shape = new MoeShape(200, 300, 250, 6);
        MoeWeights weights = MoeWeights.random(shape, type, new NamedRandomStates());
        BatchedMoe moe = new BatchedMoe(weights, 2, KernelsChoice.best(), ThreadTeam.ofCaller());
        Matrix x = new RandomState(7).randn(500, 200).to(type);
        long begun = System.nanoTime();
        double ratio;
        do {
            ratio = allocatedByOutput(moe, x);
            // Vectors are objects until the optimising compiler is done, which comes late on a busy machine.
        } while (ratio >= MOST && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(30));
        assertThat(ratio).isLessThan(MOST);
    }

    private static double allocatedByOutput(BatchedMoe moe, Matrix x) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        long output = 0;
        for (int i = 0; i < 20; i++) {
            output += moe.forward(x).bytes();
        }
        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        return (double) allocated / output;
    }
}
