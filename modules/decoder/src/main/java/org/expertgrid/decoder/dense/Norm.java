package org.expertgrid.decoder.dense;

import org.expertgrid.decoder.architecture.NormShape;

/**
 * A normalisation of rows, or of equal parts of them. Sums are in float64.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Norm {
    private final NormShape shape;
    private final float[] weight;
    private final float[] bias;

    Norm(NormShape shape, float[] weight, float[] bias) {
        this.shape = shape;
        this.weight = weight;
        this.bias = bias;
    }

    /** Returns how many elements are normalised together. */
    public int width() {
        return shape.width();
    }

    /** Normalises {@link #width} elements from {@code from} on, and puts the result to {@code to}; both may be the same. */
    public void apply(float[] source, int from, float[] target, int to) {
        int width = shape.width();
        double mean = shape.kind() == NormShape.Kind.LAYER ? mean(source, from, width) : 0;
        double squares = 0;
        for (int i = 0; i < width; i++) {
            double deviation = source[from + i] - mean;
            squares += deviation * deviation;
        }
        double factor = 1 / Math.sqrt(squares / width + shape.epsilon());
        for (int i = 0; i < width; i++) {
            float normalised = (float) ((source[from + i] - mean) * factor) * weight[i];
            target[to + i] = bias == null ? normalised : normalised + bias[i];
        }
    }

    private static double mean(float[] source, int from, int width) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += source[from + i];
        }
        return sum / width;
    }

    /** Normalises all of {@code count} parts that lie side by side from {@code from} on, in place. */
    public void applyInPlace(float[] elements, int from, int count) {
        for (int i = 0; i < count; i++) {
            apply(elements, from + i * width(), elements, from + i * width());
        }
    }

    /** Returns the normalised rows. */
    public float[] apply(float[] rows) {
        float[] normalised = new float[rows.length];
        for (int from = 0; from < rows.length; from += width()) {
            apply(rows, from, normalised, from);
        }
        return normalised;
    }
}
