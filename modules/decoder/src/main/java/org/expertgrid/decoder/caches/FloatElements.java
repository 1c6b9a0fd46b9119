package org.expertgrid.decoder.caches;

/** Numbers kept as float32. */
record FloatElements(float[][] rows) implements CacheElements {
    @Override
    public void putColumn(float[] numbers, int from, int count, int row, int column) {
        for (int i = 0; i < count; i++) {
            rows[row + i][column] = numbers[from + i];
        }
    }

    @Override
    public void putRow(float[] numbers, int from, int row) {
        System.arraycopy(numbers, from, rows[row], 0, rows[row].length);
    }

    @Override
    public void show(int row, int count, Tile tile) {
        tile.show(rows, row);
    }
}
