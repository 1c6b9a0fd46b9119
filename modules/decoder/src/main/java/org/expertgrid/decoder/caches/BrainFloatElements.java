package org.expertgrid.decoder.caches;

/** Numbers kept as bf16, the upper half of a float32. */
record BrainFloatElements(short[] elements) implements CacheElements {
    @Override
    public void put(float[] numbers, int from, int count, int to, int step) {
        for (int i = 0; i < count; i++) {
            elements[to + i * step] = narrowed(numbers[from + i]);
        }
    }

    @Override
    public void show(int from, int count, Tile tile) {
        float[] widened = tile.showOwn(count);
        for (int i = 0; i < count; i++) {
            widened[i] = Float.intBitsToFloat(elements[from + i] << 16);
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
