package org.expertgrid.kernels.vector;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.vector.narrow.NarrowProduct;

/**
 * Which products in vectors the JVM has compiled, by the format of the weights and the number of rows.
 *
 * <p>A vector in code that is not compiled yet is an object, and a product takes hundreds of times as long as in compiled code. The
 * compiler begins with code that runs often. So when a product is asked about for the first time, a thread of its own begins to repeat small
 * ones like it, until they are faster than the same products in plain loops, or for half a second.
 *
 * <pre>
 *   has(BF16, 1)  --first time-->  false   "expertgrid.kernels": small products in vectors, again and again
 *   has(BF16, 1)  -------------->  false       |
 *   has(BF16, 1)  -------------->  true    <---+  faster than in plain loops
 * </pre>
 *
 * <p>Safe for use by many threads.
 */
final class CompiledProducts {
    private static final int UNKNOWN = 0;
    private static final int REPEATED = 1;
    private static final int COMPILED = 2;

    /** The numbers of rows of the products that are repeated, in the order of {@link #kind}. */
    private static final List<List<Integer>> ROWS = List.of(List.of(1), List.of(2, 3), List.of(4, 7, 50));

    private static final int INPUTS = 96;
    /** All ways in which a row takes panels: eight at a time, four, and one. */
    private static final int OUTPUTS = 13 * 16;

    /** Once could be a pause of the other one. */
    private static final int TIMES_FASTER = 3;

    /** Then callers run the products in vectors in any case, which has them compiled as well: plain loops are quicker for the first rows alone. */
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Kernels vector;
    private final Kernels plain;
    private final AtomicIntegerArray states = new AtomicIntegerArray(WeightFormat.values().length * ROWS.size());
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), CompiledProducts::thread);

    CompiledProducts(Kernels vector, Kernels plain) {
        this.vector = vector;
        this.plain = plain;
        executor.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "expertgrid.kernels");
        thread.setDaemon(true);
        return thread;
    }

    /** Returns whether products of so many rows are compiled; has them compiled if they are not. */
    boolean has(WeightFormat format, int rows) {
        int kind = kind(rows);
        int place = format.ordinal() * ROWS.size() + kind;
        int state = states.get(place);
        if (state == UNKNOWN && states.compareAndSet(place, UNKNOWN, REPEATED)) {
            begin(format, kind, place);
        }
        return state == COMPILED;
    }

    private void begin(WeightFormat format, int kind, int place) {
        long end = System.nanoTime() + LONGEST_NANOS;
        try {
            executor.execute(() -> {
                try {
                    repeat(format, ROWS.get(kind), end);
                } finally {
                    states.set(place, COMPILED);
                }
            });
        } catch (OutOfMemoryError noThread) {
            states.set(place, COMPILED);
        }
    }

    private static int kind(int rows) {
        return rows == 1 ? 0 : rows <= NarrowProduct.MOST_ROWS ? 1 : 2;
    }

    private void repeat(WeightFormat format, List<Integer> rows, long end) {
        PackedWeights weights = PackedWeights.pack(WeightMatrix.zeros(format, INPUTS, OUTPUTS), null);
        List<Matrix> batches = rows.stream()
                .map(count -> Matrix.zeros(format.computedIn(), count, INPUTS))
                .toList();
        int faster = 0;
        while (faster < TIMES_FASTER && System.nanoTime() - end < 0) {
            long inVectors = nanos(vector, batches, weights);
            faster = inVectors < nanos(plain, batches, weights) ? faster + 1 : 0;
        }
    }

    private static long nanos(Kernels kernels, List<Matrix> batches, PackedWeights weights) {
        long begin = System.nanoTime();
        for (Matrix batch : batches) {
            kernels.multiply(batch, weights, Activation.IDENTITY);
        }
        return System.nanoTime() - begin;
    }
}
