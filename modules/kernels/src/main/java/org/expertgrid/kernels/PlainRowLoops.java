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
}
