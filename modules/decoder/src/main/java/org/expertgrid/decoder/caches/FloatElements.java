package org.expertgrid.decoder.caches;

/** Numbers kept as float32. */
record FloatElements(float[][] tiles, int width) implements CacheElements {
    FloatElements(int tiles, int rows, int width) {
        this(new float[tiles][rows * width], width);
    }

    @Override
    public void putColumn(float[] numbers, int from, int count, int tile, int column) {
        float[] elements = tiles[tile];
        for (int i = 0; i < count; i++) {
            elements[i * width + column] = numbers[from + i];
        }
    }

    @Override
    public void putRow(float[] numbers, int from, int tile, int row) {
        System.arraycopy(numbers, from, tiles[tile], row * width, width);
    }

    @Override
    public void show(int tile, int rows, Tile shown) {
        shown.show(tiles[tile], width);
    }
}
