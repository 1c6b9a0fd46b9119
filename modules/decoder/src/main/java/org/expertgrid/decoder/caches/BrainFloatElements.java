package org.expertgrid.decoder.caches;

/** Numbers kept as bf16, the upper half of a float32. */
record BrainFloatElements(short[][] rows) implements CacheElements {
    @Override
    public void putColumn(float[] numbers, int from, int count, int row, int column) {
        for (int i = 0; i < count; i++) {
            rows[row + i][column] = narrowed(numbers[from + i]);
        }
    }

    @Override
    public void putRow(float[] numbers, int from, int row) {
        for (int i = 0; i < rows[row].length; i++) {
            rows[row][i] = narrowed(numbers[from + i]);
        }
    }

    @Override
    public void show(int row, int count, Tile tile) {
        float[][] widened = tile.showOwn(count, rows[row].length);
        for (int i = 0; i < count; i++) {
            widen(rows[row + i], widened[i]);
        }
    }

    private static void widen(short[] narrow, float[] wide) {
        for (int i = 0; i < narrow.length; i++) {
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
