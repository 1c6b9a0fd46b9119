package org.expertgrid.benchmarks.model;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Measures how fast threads read memory that no cache holds. */
final class ReadBandwidth {
    private static final int ELEMENTS = 24 << 20;
    private static final int ROUNDS = 12;

    private ReadBandwidth() {}

    /** Returns the bytes a nanosecond of all threads together: the best of several rounds. */
    static double measure(int threads) {
        List<long[]> arrays = IntStream.range(0, threads)
                .mapToObj(thread -> {
                    long[] array = new long[ELEMENTS];
                    Arrays.fill(array, thread + 1);
                    return array;
                })
                .toList();
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            long sum = arrays.stream()
                    .map(array -> CompletableFuture.supplyAsync(() -> sum(array), task -> new Thread(task).start()))
                    .toList()
                    .stream()
                    .mapToLong(CompletableFuture::join)
                    .sum();
            double bytes = (double) threads * ELEMENTS * Long.BYTES;
            if (sum != 0) {
                best = Math.max(best, bytes / (System.nanoTime() - begin));
            }
        }
        return best;
    }

    private static long sum(long[] array) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        for (int i = 0; i < array.length; i += 4) {
            a += array[i];
            b += array[i + 1];
            c += array[i + 2];
            d += array[i + 3];
        }
        return a + b + c + d;
    }
}
