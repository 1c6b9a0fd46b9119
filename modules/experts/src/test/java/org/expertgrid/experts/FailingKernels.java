package org.expertgrid.experts;

import java.util.concurrent.atomic.AtomicInteger;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedRows;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.Region;
import org.expertgrid.kernels.Target;
import org.expertgrid.kernels.choice.KernelsChoice;

/** Kernels that fail where they are told to, and work otherwise. */
public final class FailingKernels implements Kernels {
    private final Kernels kernels = KernelsChoice.named("plain");
    private final AtomicInteger productsLeft = new AtomicInteger(Integer.MAX_VALUE);

    /** Makes each product fail once so many more have succeeded. */
    public void failAfter(int products) {
        productsLeft.set(products);
    }

    /** Makes all products succeed again. */
    public void work() {
        productsLeft.set(Integer.MAX_VALUE);
    }

    /** Returns how many products there have been since {@link #work}. */
    public int products() {
        return Integer.MAX_VALUE - productsLeft.get();
    }

    @Override
    public String name() {
        return kernels.name();
    }

    @Override
    public PackedRows rows(ElementType type) {
        return kernels.rows(type);
    }

    @Override
    public void gather(Matrix x, int[] selection, int from, int to, PackedRows target) {
        kernels.gather(x, selection, from, to, target);
    }

    @Override
    public void multiply(PackedRows rows, PackedWeights weights, Region region, Activation activation, Target target) {
        if (productsLeft.decrementAndGet() < 0) {
            throw new IllegalStateException("told to fail");
        }
        kernels.multiply(rows, weights, region, activation, target);
    }
}
