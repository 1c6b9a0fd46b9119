package org.expertgrid.decoder.caches;

/**
 * Some cached rows as float32: a part of the cache itself where they are kept so, a widened copy where they are not.
 *
 * <p>For one thread. It is made once and shows one part after another.
 */
public final class Tile {
    private float[][] rows = {};
    private int first;
    private float[][] memory = {};

    /** Returns a row; it must not be changed. */
    public float[] row(int i) {
        return rows[first + i];
    }

    void show(float[][] shown, int firstRow) {
        rows = shown;
        first = firstRow;
    }

    /** Shows rows of this tile's own memory, which the caller fills. */
    float[][] showOwn(int count, int width) {
        if (memory.length < count || memory[0].length != width) {
            memory = new float[count][width];
        }
        show(memory, 0);
        return memory;
    }
}
