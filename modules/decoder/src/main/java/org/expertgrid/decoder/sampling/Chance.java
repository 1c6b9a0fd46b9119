package org.expertgrid.decoder.sampling;

/**
 * Random numbers that depend on a seed and a place alone, so that a text is the same whatever else runs, and goes on in the same way wherever it is
 * taken up.
 *
 * <p>They are those of SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014), with the place as counter and the
 * mixed seed as its start.
 */
final class Chance {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1p-53;

    private Chance() {}

    /** Returns a number from 0 on and below 1. */
    static double at(long seed, int place) {
        long state = mixed(seed + GOLDEN_RATIO) + GOLDEN_RATIO * (place + 1L);
        return (mixed(state) >>> 11) * UNIT;
    }

    private static long mixed(long value) {
        long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
