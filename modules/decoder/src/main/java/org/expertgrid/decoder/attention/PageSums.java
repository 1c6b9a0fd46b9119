package org.expertgrid.decoder.attention;

/** The inner loops of attention, small enough that the JIT compiler vectorises them. Each sum is in ascending order. */
final class PageSums {
    private PageSums() {}

    /** Adds {@code factor * addends[from + i]} to {@code sums[to + i]}, for {@code count} elements. */
    static void addOne(float factor, float[] addends, int from, float[] sums, int to, int count) {
        for (int i = 0; i < count; i++) {
            sums[to + i] += factor * addends[from + i];
        }
    }

    /**
     * Does what four calls of {@link #addOne} in turn do, to the bit, with factors from {@code factor} on and addends {@code step} apart;
     * the sums are loaded and stored once.
     */
    static void addFour(
            float[] factors, int factor, float[] addends, int from, int step, float[] sums, int to, int count) {
        float first = factors[factor];
        float second = factors[factor + 1];
        float third = factors[factor + 2];
        float fourth = factors[factor + 3];
        int b = from + step;
        int c = b + step;
        int d = c + step;
        for (int i = 0; i < count; i++) {
            sums[to + i] = sums[to + i]
                    + first * addends[from + i]
                    + second * addends[b + i]
                    + third * addends[c + i]
                    + fourth * addends[d + i];
        }
    }
}
