package org.expertgrid.experts;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AllocationTest {
    @ParameterizedTest
    @EnumSource(ElementType.class)
    void aForwardAllocatesLittleMoreThanItsOutput(ElementType type) {
        MoeShape shape = new MoeShape(200, 300, 250, 6);
        MoeWeights weights = MoeWeights.random(shape, type, new NamedRandomStates());
        BatchedMoe moe = new BatchedMoe(weights, 2, Kernels.best(), ThreadTeam.ofCaller());
        Matrix x = new RandomState(7).randn(500, 200).to(type);
        for (int i = 0; i < 20; i++) {
            moe.forward(x);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        long output = 0;
        for (int i = 0; i < 20; i++) {
            output += moe.forward(x).bytes();
        }
        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat((double) allocated / output).isLessThan(3);
    }
}
