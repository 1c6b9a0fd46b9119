package org.expertgrid.cli;

import java.util.concurrent.TimeUnit;
import org.expertgrid.experts.RandomState;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedWeights;

/** A short look at what kernels reach on this machine; {@code bench kernels} measures. */
final class KernelsSpeed {
    private static final int ROWS = 96;
    private static final int WIDTH = 512;
    private static final long WARM_UP_MILLIS = 250;
    private static final long MILLIS = 250;

    private KernelsSpeed() {}

    /** Returns the most GFLOP/s that one thread reached in a product, after half a second. */
    static double gflops(Kernels kernels, ElementType type) {
        RandomState random = new RandomState(0);
        Matrix x = random.randn(ROWS, WIDTH).to(type);
        PackedWeights weights = kernels.pack(
                random.randn(WIDTH, WIDTH).to(type), random.randn(1, WIDTH).to(type));
        fastest(kernels, x, weights, WARM_UP_MILLIS);
        return 2.0 * ROWS * WIDTH * WIDTH / fastest(kernels, x, weights, MILLIS);
    }

    private static long fastest(Kernels kernels, Matrix x, PackedWeights weights, long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long fastest = Long.MAX_VALUE;
        for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
            kernels.multiply(x, weights, Activation.IDENTITY);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return fastest;
    }
}
