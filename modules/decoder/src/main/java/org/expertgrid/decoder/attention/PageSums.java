package org.expertgrid.decoder.attention;

import org.expertgrid.decoder.caches.Tile;

/**
 * The inner loops of attention. Each element of a sum is added up in ascending order of the rows, whatever their number.
 *
 * <p>The loops run over whole arrays and are small, so that the JIT compiler vectorises them.
 */
final class PageSums {
    private PageSums() {}

    /** Adds rows {@code from} to {@code to} of a tile to {@code sum}, each times its factor; the first one's is {@code factors[at]}. */
    static void addRows(float[] factors, int at, Tile tile, int from, int to, float[] sum) {
        int row = from;
        int factor = at;
        for (; row + 4 <= to; row += 4, factor += 4) {
            addFour(
                    factors[factor],
                    tile.row(row),
                    factors[factor + 1],
                    tile.row(row + 1),
                    factors[factor + 2],
                    tile.row(row + 2),
                    factors[factor + 3],
                    tile.row(row + 3),
                    sum);
        }
        for (; row < to; row++, factor++) {
            addOne(factors[factor], tile.row(row), sum);
        }
    }

    /** Does what four calls of {@link #addOne} in turn do, to the bit; the sum is loaded and stored once. */
    private static void addFour(
            float a, float[] ofA, float b, float[] ofB, float c, float[] ofC, float d, float[] ofD, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = sum[i] + a * ofA[i] + b * ofB[i] + c * ofC[i] + d * ofD[i];
        }
    }

    private static void addOne(float factor, float[] addend, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = sum[i] + factor * addend[i];
        }
    }
}
