package org.expertgrid.cli.local;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.WeightMatrix;

/**
 * A short measurement of the rate of kernels on this machine. {@code bench kernels} measures more precisely.
 *
 * <p>The JVM compiles the kernels in several steps, more slowly on a busy machine. Therefore the element types take turns, small
 * products come first, and the measurement continues while calls become faster.
 */
public final class KernelsSpeed {
    private static final int ROWS = 96;
    private static final int SMALL = 128;
    private static final int LARGE = 512;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(3000);
    /** After this many turns without a faster call, the JVM has compiled the kernels. */
    private static final int STEADY_TURNS = 25;

    private static final double FASTER = 0.97;

    private final Kernels kernels;

    public KernelsSpeed(Kernels kernels) {
        this.kernels = kernels;
    }

    /** Returns the highest GFLOP/s of one thread in a product. Takes about a second, and longer on a busy machine. */
    public Map<ElementType, Double> gflops() {
        time(products(SMALL));
        List<Product> products = products(LARGE);
        time(products);
        Map<ElementType, Double> gflops = new EnumMap<>(ElementType.class);
        products.forEach(product -> gflops.put(product.x.elementType(), product.gflops()));
        return gflops;
    }

    private List<Product> products(int width) {
        List<Product> products = new ArrayList<>();
        for (ElementType type : ElementType.values()) {
            RandomState random = new RandomState(0);
            products.add(new Product(
                    random.randn(ROWS, width).to(type),
                    PackedWeights.pack(
                            WeightMatrix.of(random.randn(width, width).to(type)),
                            random.randn(1, width).to(type))));
        }
        return products;
    }

    private void time(List<Product> products) {
        long begin = System.nanoTime();
        int steadyTurns = 0;
        for (long nanos = 0; nanos < LEAST_NANOS || (steadyTurns < STEADY_TURNS && nanos < MOST_NANOS); ) {
            for (Product product : products) {
                long before = product.fastestNanos;
                product.callFor(TURN_NANOS);
                steadyTurns = product.fastestNanos < before * FASTER ? 0 : steadyTurns + 1;
            }
            nanos = System.nanoTime() - begin;
        }
    }

    /** One product and its shortest time. */
    private final class Product {
        private final Matrix x;
        private final PackedWeights weights;
        private long fastestNanos = Long.MAX_VALUE;

        Product(Matrix x, PackedWeights weights) {
            this.x = x;
            this.weights = weights;
        }

        void callFor(long nanos) {
            long begin = System.nanoTime();
            for (long start = begin; start - begin < nanos; start = System.nanoTime()) {
                kernels.multiply(x, weights, Activation.IDENTITY);
                fastestNanos = Math.min(fastestNanos, System.nanoTime() - start);
            }
        }

        double gflops() {
            return 2.0 * x.rows() * weights.inputs() * weights.outputs() / fastestNanos;
        }
    }
}
