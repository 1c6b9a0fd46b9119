package org.expertgrid.kernels;

/**
 * The exponential function and those made of it, in additions and multiplications of double precision alone: the same bits
 * on every processor and JDK, and several times faster than {@link Math#exp}.
 */
final class Exponential {
    private static final double LOG2_OF_E = 1.4426950408889634;
    /** The natural logarithm of 2 in two parts; the first has so few bits that its product with an exponent is exact. */
    private static final double LN2_HIGH = 6.93147180369123816490e-01;

    private static final double LN2_LOW = 1.90821492927058770002e-10;
    /** Added and subtracted, it rounds to an integer. */
    private static final double ROUNDING = 0x1.8p52;

    private static final double LARGEST = 709.782712893384;
    private static final double SMALLEST = -745.2;
    private static final double TWO_BY_ROOT_OF_PI = 1.1283791670955126;
    private static final double ROOT_OF_HALF = 0.7071067811865476;
    /** Beyond it the error function is 1 in double precision. */
    private static final double LARGEST_OF_ERF = 6.0;

    private Exponential() {}

    /** Returns e to the power of {@code x}; off by two units in the last place at most. */
    static double exp(double x) {
        if (!(x <= LARGEST && x >= SMALLEST)) {
            return x > LARGEST ? Double.POSITIVE_INFINITY : x < SMALLEST ? 0.0 : Double.NaN;
        }
        double n = x * LOG2_OF_E + ROUNDING - ROUNDING;
        double r = x - n * LN2_HIGH - n * LN2_LOW;
        double r2 = r * r;
        double r4 = r2 * r2;
        // Taylor's series to the 13th power; r is at most half of the logarithm of 2
        double low = 1.0 / 2 + r * (1.0 / 6) + r2 * (1.0 / 24 + r * (1.0 / 120));
        double middle = 1.0 / 720 + r * (1.0 / 5040) + r2 * (1.0 / 40320 + r * (1.0 / 362880));
        double high = 1.0 / 3628800 + r * (1.0 / 39916800) + r2 * (1.0 / 479001600 + r * (1.0 / 6227020800.0));
        double power = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)));
        int exponent = (int) n;
        int half = exponent >> 1;
        return power * powerOfTwo(half) * powerOfTwo(exponent - half);
    }

    private static double powerOfTwo(int exponent) {
        return Double.longBitsToDouble((long) (exponent + 1023) << 52);
    }

    /** Returns {@code 1 / (1 + exp(-x))}. */
    static double sigmoid(double x) {
        return 1.0 / (1.0 + exp(-x));
    }

    /**
     * Returns the error function, by the series {@code 2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 3 5 .. (2n+1))}, all
     * of whose terms have one sign.
     */
    private static double erf(double x) {
        if (Double.isNaN(x) || Math.abs(x) >= LARGEST_OF_ERF) {
            return Double.isNaN(x) ? x : Math.copySign(1.0, x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 0x1p-54; n++) {
            term *= 2.0 * x * x / (2 * n + 1);
            sum += term;
        }
        return TWO_BY_ROOT_OF_PI * exp(-x * x) * sum;
    }

    /** Returns the share of the standard normal distribution that is below {@code x}. */
    static double normalBelow(double x) {
        return 0.5 * (1.0 + erf(x * ROOT_OF_HALF));
    }
}
