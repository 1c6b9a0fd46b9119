package org.expertgrid.kernels;

/**
 * Adds short rows of numbers to others, in kernels and in attention. The compiler makes vectors of loops over some hundred elements, not of loops over a few dozen, so kernels bring
 * their own. All give the same bits.
 *
 * <p>Safe for use by many threads.
 */
public interface RowLoops {
    /** In plain Java. */
    RowLoops PLAIN = new PlainRowLoops();

    /** Adds {@code count} values to as many sums. */
    void add(double[] values, int from, double[] sums, int to, int count);

    /** As {@link #add(double[], int, double[], int, int)}. */
    void add(float[] values, int from, float[] sums, int to, int count);

    /** Adds {@code count} values times {@code factor} to as many sums; the product is rounded before it is added. */
    void addScaled(double[] values, int from, double factor, double[] sums, int to, int count);

    /** As {@link #addScaled(double[], int, double, double[], int, int)}. */
    void addScaled(float[] values, int from, float factor, float[] sums, int to, int count);

    /**
     * Adds {@code count} rows, each times its factor, to {@code sums}, as that many calls of {@link #addScaled} in turn would.
     *
     * @param rows row after row, each as wide as {@code sums}
     * @param from where the first row begins
     * @param firstFactor where the factor of the first row is; those of the next rows follow
     */
    void addScaledRows(float[] rows, int from, int count, float[] factors, int firstFactor, float[] sums);
}
