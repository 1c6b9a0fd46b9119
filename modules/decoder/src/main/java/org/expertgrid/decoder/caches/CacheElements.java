package org.expertgrid.decoder.caches;

/** Numbers that are kept as one {@link CacheType}. Threads may write and read different elements at the same time. */
interface CacheElements {
    /** Puts {@code count} numbers from {@code from} on to {@code to}, {@code to + step}, and so on. */
    void put(float[] numbers, int from, int count, int to, int step);

    /** Shows {@code count} elements from {@code from} on in {@code tile}. */
    void show(int from, int count, Tile tile);
}
