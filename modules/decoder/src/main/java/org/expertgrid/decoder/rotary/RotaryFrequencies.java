package org.expertgrid.decoder.rotary;

/**
 * How fast each pair of elements turns: pair {@code i} at position {@code p} is turned by {@code p * inverse(i)}, and both results are
 * multiplied by {@link #magnitude}.
 *
 * <p>The formulas are those of transformers, {@code modeling_rope_utils.py}; each factory names its function there. They are
 * computed in float64.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class RotaryFrequencies {
    private final double[] inverse;
    private final double magnitude;

    private RotaryFrequencies(double[] inverse, double magnitude) {
        this.inverse = inverse;
        this.magnitude = magnitude;
    }

    /** Returns {@code base^(-2 i / dimensions)} for each pair {@code i}: {@code _compute_default_rope_parameters}. */
    public static RotaryFrequencies plain(int dimensions, double base) {
        double[] inverse = new double[dimensions / 2];
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] = Math.pow(base, -2.0 * i / dimensions);
        }
        return new RotaryFrequencies(inverse, 1);
    }

    /** Returns these frequencies for positions that are {@code factor} times as dense: {@code _compute_linear_scaling_rope_parameters}. */
    public RotaryFrequencies linear(double factor) {
        double[] scaled = inverse.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] /= factor;
        }
        return new RotaryFrequencies(scaled, magnitude);
    }

    /**
     * Returns these frequencies with the slow ones divided by {@code factor} and a smooth passage to the fast ones, which stay:
     * {@code _compute_llama3_parameters}.
     */
    public RotaryFrequencies llama3(double factor, double lowFactor, double highFactor, double originalPositions) {
        double[] scaled = inverse.clone();
        for (int i = 0; i < scaled.length; i++) {
            double turns = originalPositions * inverse[i] / (2 * Math.PI);
            double kept = Math.min(1, Math.max(0, (turns - lowFactor) / (highFactor - lowFactor)));
            scaled[i] = (1 - kept) * inverse[i] / factor + kept * inverse[i];
        }
        return new RotaryFrequencies(scaled, magnitude);
    }

    /**
     * Returns yarn's frequencies: slow pairs are divided by {@code factor}, fast pairs stay, and those between are mixed:
     * {@code _compute_yarn_parameters}.
     *
     * @param truncate whether the borders of the mixed pairs are rounded outwards to whole pairs
     */
    public static RotaryFrequencies yarn(
            int dimensions,
            double base,
            double factor,
            double betaFast,
            double betaSlow,
            double originalPositions,
            boolean truncate,
            double magnitude) {
        double low = pairThatTurns(betaFast, dimensions, base, originalPositions);
        double high = pairThatTurns(betaSlow, dimensions, base, originalPositions);
        double first = Math.max(0, truncate ? Math.floor(low) : low);
        double last = Math.min(dimensions - 1, truncate ? Math.ceil(high) : high);
        double width = first == last ? 0.001 : last - first;
        double[] inverse = plain(dimensions, base).inverse;
        for (int i = 0; i < inverse.length; i++) {
            double interpolated = Math.min(1, Math.max(0, (i - first) / width));
            inverse[i] = inverse[i] / factor * interpolated + inverse[i] * (1 - interpolated);
        }
        return new RotaryFrequencies(inverse, magnitude);
    }

    /** Returns the pair, as a real number, that turns {@code turns} times over the original positions. */
    private static double pairThatTurns(double turns, int dimensions, double base, double originalPositions) {
        return dimensions * Math.log(originalPositions / (turns * 2 * Math.PI)) / (2 * Math.log(base));
    }

    /** Returns these frequencies with each divided by its own factor: {@code _compute_longrope_parameters}. */
    public RotaryFrequencies dividedBy(double[] factors, double newMagnitude) {
        double[] scaled = inverse.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] /= factors[i];
        }
        return new RotaryFrequencies(scaled, newMagnitude);
    }

    /** Returns yarn's {@code 0.1 mscale ln(factor) + 1}, or 1 for a factor that does not stretch: {@code get_mscale}. */
    public static double yarnMagnitude(double factor, double mscale) {
        return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
    }

    /** Returns how many pairs there are. */
    public int pairs() {
        return inverse.length;
    }

    /** Returns the angle by which pair {@code i} turns from one position to the next. */
    public double inverse(int i) {
        return inverse[i];
    }

    /** Returns the factor on the rotated elements. */
    public double magnitude() {
        return magnitude;
    }
}
