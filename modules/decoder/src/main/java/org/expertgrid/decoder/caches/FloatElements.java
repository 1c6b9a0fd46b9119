package org.expertgrid.decoder.caches;

/** Numbers kept as float32. */
record FloatElements(float[] elements) implements CacheElements {
    @Override
    public void put(float[] numbers, int from, int count, int to, int step) {
        for (int i = 0; i < count; i++) {
            elements[to + i * step] = numbers[from + i];
        }
    }

    @Override
    public void show(int from, int count, Tile tile) {
        tile.show(elements, from);
    }
}
