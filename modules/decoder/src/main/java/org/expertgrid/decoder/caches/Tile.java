package org.expertgrid.decoder.caches;

import org.expertgrid.kernels.RowLoops;

/**
 * Some cached rows as float32: a part of the cache itself where they are kept so, a widened copy where they are not.
 *
 * <p>For one thread. It is made once and shows one part after another.
 */
public final class Tile {
    private float[] elements = {};
    private int width;
    private float[] memory = {};

    /** Returns one number. */
    public float get(int row, int column) {
        return elements[row * width + column];
    }

    /**
     * Adds rows {@code from} to {@code to}, each times its factor, to {@code sums}, one after the other.
     *
     * @param firstFactor where the factor of the first of them is
     * @param sums as many as a row is wide
     */
    public void addScaled(RowLoops loops, int from, int to, float[] factors, int firstFactor, float[] sums) {
        loops.addScaledRows(elements, from * width, to - from, factors, firstFactor, sums);
    }

    void show(float[] shown, int widthOfRow) {
        elements = shown;
        width = widthOfRow;
    }

    /** Shows rows of this tile's own memory, which the caller fills. */
    float[] showOwn(int rows, int widthOfRow) {
        if (memory.length < rows * widthOfRow) {
            memory = new float[rows * widthOfRow];
        }
        show(memory, widthOfRow);
        return memory;
    }
}
