package org.expertgrid.decoder.caches;

/** Numbers kept as bf16, the upper half of a float32. */
record BrainFloatElements(short[][] tiles, int width) implements CacheElements {
    BrainFloatElements(int tiles, int rows, int width) {
        this(new short[tiles][rows * width], width);
    }

    @Override
    public void putColumn(float[] numbers, int from, int count, int tile, int column) {
        short[] elements = tiles[tile];
        for (int i = 0; i < count; i++) {
            elements[i * width + column] = narrowed(numbers[from + i]);
        }
    }

    @Override
    public void putRow(float[] numbers, int from, int tile, int row) {
        short[] elements = tiles[tile];
        for (int i = 0; i < width; i++) {
            elements[row * width + i] = narrowed(numbers[from + i]);
        }
    }

    @Override
    public void show(int tile, int rows, Tile shown) {
        widen(tiles[tile], shown.showOwn(rows, width), rows * width);
    }

    private static void widen(short[] narrow, float[] wide, int count) {
        for (int i = 0; i < count; i++) {
            wide[i] = Float.intBitsToFloat(narrow[i] << 16);
        }
    }

    private static short narrowed(float number) {
        int bits = Float.floatToRawIntBits(number);
        if (Float.isNaN(number)) {
            // Rounding could carry a NaN's bits over to zero.
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
