package org.expertgrid.kernels.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.expertgrid.kernels.RowLoops;
import org.expertgrid.kernels.vector.wide.DoubleTiles;
import org.expertgrid.kernels.vector.wide.FloatTiles;

/** The loops of {@link RowLoops}, a vector at a time. */
final class VectorRowLoops implements RowLoops {
    private static final VectorSpecies<Double> DOUBLES = DoubleTiles.SPECIES;
    private static final VectorSpecies<Float> FLOATS = FloatTiles.SPECIES;

    @Override
    public void add(double[] values, int from, double[] sums, int to, int count) {
        int i = 0;
        for (; i <= count - DOUBLES.length(); i += DOUBLES.length()) {
            DoubleVector value = DoubleVector.fromArray(DOUBLES, values, from + i);
            DoubleVector.fromArray(DOUBLES, sums, to + i).add(value).intoArray(sums, to + i);
        }
        for (; i < count; i++) {
            sums[to + i] += values[from + i];
        }
    }

    @Override
    public void add(float[] values, int from, float[] sums, int to, int count) {
        int i = 0;
        for (; i <= count - FLOATS.length(); i += FLOATS.length()) {
            FloatVector value = FloatVector.fromArray(FLOATS, values, from + i);
            FloatVector.fromArray(FLOATS, sums, to + i).add(value).intoArray(sums, to + i);
        }
        for (; i < count; i++) {
            sums[to + i] += values[from + i];
        }
    }

    @Override
    public void addScaled(double[] values, int from, double factor, double[] sums, int to, int count) {
        int i = 0;
        for (; i <= count - DOUBLES.length(); i += DOUBLES.length()) {
            DoubleVector value = DoubleVector.fromArray(DOUBLES, values, from + i);
            DoubleVector.fromArray(DOUBLES, sums, to + i).add(value.mul(factor)).intoArray(sums, to + i);
        }
        for (; i < count; i++) {
            sums[to + i] += factor * values[from + i];
        }
    }

    @Override
    public void addScaled(float[] values, int from, float factor, float[] sums, int to, int count) {
        int i = 0;
        for (; i <= count - FLOATS.length(); i += FLOATS.length()) {
            FloatVector value = FloatVector.fromArray(FLOATS, values, from + i);
            FloatVector.fromArray(FLOATS, sums, to + i).add(value.mul(factor)).intoArray(sums, to + i);
        }
        for (; i < count; i++) {
            sums[to + i] += factor * values[from + i];
        }
    }
}
