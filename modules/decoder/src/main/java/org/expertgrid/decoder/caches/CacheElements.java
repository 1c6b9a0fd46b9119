package org.expertgrid.decoder.caches;

/**
 * Tiles of numbers that are kept as one {@link CacheType}, row after row. Each tile is one array: attention reads it from the front to the back.
 *
 * <p>Threads may write and read different elements at the same time.
 */
interface CacheElements {
    /** Puts {@code count} numbers from {@code from} on into one column of the first rows of a tile. */
    void putColumn(float[] numbers, int from, int count, int tile, int column);

    /** Fills a row of a tile with the numbers from {@code from} on. */
    void putRow(float[] numbers, int from, int tile, int row);

    /** Shows the first rows of a tile in {@code shown}. */
    void show(int tile, int rows, Tile shown);
}
