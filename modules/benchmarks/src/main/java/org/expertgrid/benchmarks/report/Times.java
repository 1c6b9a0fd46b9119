package org.expertgrid.benchmarks.report;

import java.util.Arrays;
import java.util.stream.LongStream;

/** The times of many calls, sorted. */
public record Times(long[] sortedNanos) {
    private static final double NANOS_OF_MILLISECOND = 1e6;

    static Times of(LongStream nanos) {
        return new Times(nanos.sorted().toArray());
    }

    public int count() {
        return sortedNanos.length;
    }

    public double minimumMillis() {
        return quantileMillis(0);
    }

    public double medianMillis() {
        return quantileMillis(0.5);
    }

    /** Returns the time below which that share of the calls was, interpolated between the two nearest calls. */
    public double quantileMillis(double share) {
        if (sortedNanos.length == 0) {
            return Double.NaN;
        }
        double place = share * (sortedNanos.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sortedNanos.length - 1);
        double nanos = sortedNanos[below] + (place - below) * (sortedNanos[above] - sortedNanos[below]);
        return nanos / NANOS_OF_MILLISECOND;
    }

    /** Returns the median, NaN for no numbers. */
    static double median(double... numbers) {
        if (numbers.length == 0) {
            return Double.NaN;
        }
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Times that && Arrays.equals(sortedNanos, that.sortedNanos);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sortedNanos);
    }

    @Override
    public String toString() {
        return String.format("%.3f ms, median of %d", medianMillis(), count());
    }
}
