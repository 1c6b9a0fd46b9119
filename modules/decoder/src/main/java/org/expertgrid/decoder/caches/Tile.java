package org.expertgrid.decoder.caches;

/**
 * Some cached numbers as float32: a part of the cache itself where they are kept so, a widened copy where they are not.
 *
 * <p>For one thread. It is made once and shows one part after another.
 */
public final class Tile {
    private float[] numbers = {};
    private int from;
    private float[] memory = {};

    /** Returns the array that holds the numbers; it must not be changed. */
    public float[] numbers() {
        return numbers;
    }

    /** Returns where in {@link #numbers} they begin. */
    public int from() {
        return from;
    }

    void show(float[] shown, int first) {
        numbers = shown;
        from = first;
    }

    /** Shows {@code count} numbers of this tile's own memory, which the caller fills. */
    float[] showOwn(int count) {
        if (memory.length < count) {
            memory = new float[count];
        }
        show(memory, 0);
        return memory;
    }
}
