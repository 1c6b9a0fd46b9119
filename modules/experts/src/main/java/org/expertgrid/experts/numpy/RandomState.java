package org.expertgrid.experts.numpy;

import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.Matrix;

/**
 * The numbers that NumPy's {@code numpy.random.RandomState(seed)} gives, in the same order.
 *
 * <p>The generator is the Mersenne Twister MT19937, seeded by one integer; doubles have 53 random bits; normal draws
 * come in pairs from Marsaglia's polar method, and the second of a pair is kept for the next call, whichever
 * {@code randn} that is.
 *
 * <p>Words and uniform doubles are NumPy's to the last bit. Normal draws are so but for about 3 in 10,000, which are
 * one or two units in the last place away: the method takes a logarithm, and {@link Math#log} rounds those few
 * differently from the C library that NumPy calls. A correctly rounded logarithm would do no better, because C's is not
 * correctly rounded either. On one machine the draws are always the same: HotSpot takes the logarithm in one way,
 * whether a method is interpreted or compiled.
 *
 * <p>Not safe for use by many threads.
 */
public final class RandomState {
    private static final long LARGEST_SEED = 0xFFFF_FFFFL;
    private static final int WORDS = 624;
    private static final int MIDDLE = 397;
    private static final int TWIST = 0x9908_B0DF;

    private final int[] words = new int[WORDS];
    private int position = WORDS;
    private double keptDraw;
    private boolean hasKeptDraw;

    /**
     * Makes the generator that {@code numpy.random.RandomState(seed)} is.
     *
     * @param seed from 0 to 4294967295
     */
    public RandomState(long seed) {
        if (seed < 0 || seed > LARGEST_SEED) {
            throw new IllegalArgumentException("seed: " + seed + " (expected: 0 to " + LARGEST_SEED + ")");
        }
        words[0] = (int) seed;
        for (int i = 1; i < WORDS; i++) {
            words[i] = 1_812_433_253 * (words[i - 1] ^ (words[i - 1] >>> 30)) + i;
        }
    }

    /** Returns the next 32 random bits, which NumPy reads as an unsigned number. */
    public int nextInt32() {
        if (position == WORDS) {
            renewWords();
        }
        int word = words[position++];
        word ^= word >>> 11;
        word ^= word << 7 & 0x9D2C_5680;
        word ^= word << 15 & 0xEFC6_0000;
        return word ^ word >>> 18;
    }

    /** Returns a number from 0 (inclusive) to 1 (exclusive), a multiple of 2 to the power of -53. */
    public double nextDouble() {
        int high = nextInt32() >>> 5;
        int low = nextInt32() >>> 6;
        return (high * 0x1p26 + low) * 0x1p-53;
    }

    /** Returns a draw from the normal distribution with mean 0 and variance 1. */
    public double randn() {
        if (hasKeptDraw) {
            hasKeptDraw = false;
            return keptDraw;
        }
        double first;
        double second;
        double square;
        do {
            first = 2.0 * nextDouble() - 1.0;
            second = 2.0 * nextDouble() - 1.0;
            square = first * first + second * second;
        } while (square >= 1.0 || square == 0.0);
        double factor = Math.sqrt(-2.0 * Math.log(square) / square);
        keptDraw = factor * first;
        hasKeptDraw = true;
        return factor * second;
    }

    /**
     * Returns the next {@code count} normal draws.
     *
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public double[] randn(int count) {
        new Problems().expect(count >= 0, "count", count, ">= 0").throwIfAny();
        double[] draws = new double[count];
        for (int i = 0; i < count; i++) {
            draws[i] = randn();
        }
        return draws;
    }

    /**
     * Returns the next {@code rows * columns} normal draws as a FLOAT64 matrix, filled row after row.
     *
     * @throws IllegalArgumentException if one is negative, or both together are more than {@link Matrix#MOST_ELEMENTS};
     *     nothing is drawn in that case
     */
    public Matrix randn(int rows, int columns) {
        return Matrix.wrap(rows, columns, randn(Matrix.elements(rows, columns)));
    }

    private void renewWords() {
        for (int i = 0; i < WORDS; i++) {
            int next = i + 1 < WORDS ? i + 1 : 0;
            int middle = i + MIDDLE < WORDS ? i + MIDDLE : i + MIDDLE - WORDS;
            int mixed = words[i] & 0x8000_0000 | words[next] & 0x7FFF_FFFF;
            words[i] = words[middle] ^ mixed >>> 1 ^ -(mixed & 1) & TWIST;
        }
        position = 0;
    }
}
