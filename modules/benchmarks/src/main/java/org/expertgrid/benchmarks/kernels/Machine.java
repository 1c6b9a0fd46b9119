package org.expertgrid.benchmarks.kernels;

import java.util.stream.IntStream;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.choice.KernelsChoice;

/**
 * The highest rates of one thread of this machine that are measured here.
 *
 * @param gigaflops64 the rate of a float64 product whose matrices fit the nearest caches
 * @param gigaflops32 the same for float32
 * @param gigabytesPerSecond the rate of reading an array that fits no cache
 */
public record Machine(double gigaflops64, double gigaflops32, double gigabytesPerSecond) {
    private static final int ROWS = 24;
    private static final int INPUTS = 250;
    private static final long PEAK_NANOS = 300_000_000;
    private static final int ARRAY = 32 << 20;

    /** Measures for about two seconds. */
    public static Machine measure() {
        return new Machine(peak(ElementType.FLOAT64, 16), peak(ElementType.FLOAT32, 32), bandwidth());
    }

    public double gigaflops(ElementType element) {
        return element == ElementType.FLOAT64 ? gigaflops64 : gigaflops32;
    }

    /** Returns this machine with a rate of at least {@code gigaflops}. */
    public Machine withAtLeast(ElementType element, double gigaflops) {
        return element == ElementType.FLOAT64
                ? new Machine(Math.max(gigaflops64, gigaflops), gigaflops32, gigabytesPerSecond)
                : new Machine(gigaflops64, Math.max(gigaflops32, gigaflops), gigabytesPerSecond);
    }

    private static double peak(ElementType element, int outputs) {
        Product product = new Product(
                KernelsChoice.best(),
                Product.draw(ROWS, INPUTS, element),
                WeightMatrix.of(Product.draw(INPUTS, outputs, element)),
                Product.draw(1, outputs, element),
                1);
        product.multiply(0);
        double operations = 2.0 * ROWS * INPUTS * outputs;
        double best = 0;
        long end = System.nanoTime() + PEAK_NANOS * 2;
        while (System.nanoTime() < end) {
            int calls = 200;
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                product.multiplyPacked(0);
            }
            best = Math.max(best, calls * operations / (System.nanoTime() - start));
        }
        return best;
    }

    private static double bandwidth() {
        long[] array = IntStream.range(0, ARRAY).asLongStream().toArray();
        double best = 0;
        long sum = 0;
        for (int repetition = 0; repetition < 10; repetition++) {
            long start = System.nanoTime();
            sum += sum(array);
            best = Math.max(best, (double) array.length * Long.BYTES / (System.nanoTime() - start));
        }
        return sum == 0 ? 0 : best;
    }

    private static long sum(long[] array) {
        long sum = 0;
        for (long value : array) {
            sum += value;
        }
        return sum;
    }
}
