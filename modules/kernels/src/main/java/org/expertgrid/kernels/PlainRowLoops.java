package org.expertgrid.kernels;

/** The loops of {@link RowLoops} in plain Java. */
final class PlainRowLoops implements RowLoops {
    @Override
    public void add(double[] values, int from, double[] sums, int to, int count) {
        for (int i = 0; i < count; i++) {
            sums[to + i] += values[from + i];
        }
    }

    @Override
    public void add(float[] values, int from, float[] sums, int to, int count) {
        for (int i = 0; i < count; i++) {
            sums[to + i] += values[from + i];
        }
    }

    @Override
    public void addScaled(double[] values, int from, double factor, double[] sums, int to, int count) {
        for (int i = 0; i < count; i++) {
            sums[to + i] += factor * values[from + i];
        }
    }

    @Override
    public void addScaled(float[] values, int from, float factor, float[] sums, int to, int count) {
        for (int i = 0; i < count; i++) {
            sums[to + i] += factor * values[from + i];
        }
    }

    @Override
    public void addScaledRows(float[] rows, int from, int count, float[] factors, int firstFactor, float[] sums) {
        int row = 0;
        for (; row + 4 <= count; row += 4) {
            addFour(rows, from + row * sums.length, factors, firstFactor + row, sums);
        }
        for (; row < count; row++) {
            addScaled(rows, from + row * sums.length, factors[firstFactor + row], sums, 0, sums.length);
        }
    }

    /** Does what four calls of {@link #addScaled} in turn do, to the bit; the sums are loaded and stored once. */
    private static void addFour(float[] rows, int from, float[] factors, int firstFactor, float[] sums) {
        float a = factors[firstFactor];
        float b = factors[firstFactor + 1];
        float c = factors[firstFactor + 2];
        float d = factors[firstFactor + 3];
        int width = sums.length;
        int second = from + width;
        int third = second + width;
        int fourth = third + width;
        for (int i = 0; i < width; i++) {
            sums[i] = sums[i] + a * rows[from + i] + b * rows[second + i] + c * rows[third + i] + d * rows[fourth + i];
        }
    }
}
