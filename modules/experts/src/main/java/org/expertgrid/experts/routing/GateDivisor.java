package org.expertgrid.experts.routing;

/**
 * The number that the gates of a row are divided by: nothing, or {@code max(sum of the gates + added, floor)}.
 *
 * @param sum whether they are divided at all
 * @param added what keeps a sum of 0 from dividing; 0 for nothing
 * @param floor the smallest divisor; 0 for any
 */
public record GateDivisor(boolean sum, double added, double floor) {
    /** Gates stay as they are. */
    public static final GateDivisor NONE = new GateDivisor(false, 0, 0);
    /** Gates are divided by their sum. */
    public static final GateDivisor SUM = new GateDivisor(true, 0, 0);

    /** Returns the divisor {@code sum + added}. */
    public static GateDivisor sumPlus(double added) {
        return new GateDivisor(true, added, 0);
    }

    /** Returns the divisor {@code max(sum, floor)}. */
    public static GateDivisor sumAtLeast(double floor) {
        return new GateDivisor(true, 0, floor);
    }

    /** Divides {@code count} gates from place {@code from} on. */
    void divide(double[] gates, int from, int count) {
        if (!sum) {
            return;
        }
        double total = 0.0;
        for (int k = 0; k < count; k++) {
            total += gates[from + k];
        }
        double divisor = Math.max(total + added, floor);
        for (int k = 0; k < count; k++) {
            gates[from + k] /= divisor;
        }
    }
}
