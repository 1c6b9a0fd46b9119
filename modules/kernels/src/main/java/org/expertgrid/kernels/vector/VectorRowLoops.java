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

    /** Four vectors of sums at a time stay in registers, from the first row to the last. */
    @Override
    public void addScaledRows(float[] rows, int from, int count, float[] factors, int firstFactor, float[] sums) {
        int lanes = FLOATS.length();
        int i = 0;
        for (; i <= sums.length - 4 * lanes; i += 4 * lanes) {
            addFourVectors(rows, from, count, factors, firstFactor, sums, i);
        }
        for (; i <= sums.length - lanes; i += lanes) {
            FloatVector sum = FloatVector.fromArray(FLOATS, sums, i);
            int at = from + i;
            for (int row = 0; row < count; row++, at += sums.length) {
                sum = sum.add(FloatVector.fromArray(FLOATS, rows, at).mul(factors[firstFactor + row]));
            }
            sum.intoArray(sums, i);
        }
        for (; i < sums.length; i++) {
            float sum = sums[i];
            for (int row = 0; row < count; row++) {
                sum += factors[firstFactor + row] * rows[from + row * sums.length + i];
            }
            sums[i] = sum;
        }
    }

    private static void addFourVectors(
            float[] rows, int from, int count, float[] factors, int firstFactor, float[] sums, int i) {
        int lanes = FLOATS.length();
        int width = sums.length;
        FloatVector a = FloatVector.fromArray(FLOATS, sums, i);
        FloatVector b = FloatVector.fromArray(FLOATS, sums, i + lanes);
        FloatVector c = FloatVector.fromArray(FLOATS, sums, i + 2 * lanes);
        FloatVector d = FloatVector.fromArray(FLOATS, sums, i + 3 * lanes);
        int at = from + i;
        for (int row = 0; row < count; row++, at += width) {
            FloatVector factor = FloatVector.broadcast(FLOATS, factors[firstFactor + row]);
            a = a.add(FloatVector.fromArray(FLOATS, rows, at).mul(factor));
            b = b.add(FloatVector.fromArray(FLOATS, rows, at + lanes).mul(factor));
            c = c.add(FloatVector.fromArray(FLOATS, rows, at + 2 * lanes).mul(factor));
            d = d.add(FloatVector.fromArray(FLOATS, rows, at + 3 * lanes).mul(factor));
        }
        a.intoArray(sums, i);
        b.intoArray(sums, i + lanes);
        c.intoArray(sums, i + 2 * lanes);
        d.intoArray(sums, i + 3 * lanes);
    }
}
