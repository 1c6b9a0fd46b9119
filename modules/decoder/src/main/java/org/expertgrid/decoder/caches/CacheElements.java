package org.expertgrid.decoder.caches;

/**
 * Rows of numbers that are kept as one {@link CacheType}. Each row is an array of its own: the JIT compiler vectorises loops that run over whole
 * arrays, and not those over parts of them.
 *
 * <p>Threads may write and read different elements at the same time.
 */
interface CacheElements {
    /** Puts {@code count} numbers from {@code from} on into one column of the rows from {@code row} on. */
    void putColumn(float[] numbers, int from, int count, int row, int column);

    /** Fills a row with the numbers from {@code from} on. */
    void putRow(float[] numbers, int from, int row);

    /** Shows {@code count} rows from {@code row} on in {@code tile}. */
    void show(int row, int count, Tile tile);
}
