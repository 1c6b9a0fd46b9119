package org.expertgrid.kernels.packed;

/**
 * Whether {@link Math#fma} is one instruction here. Where it is not, the JDK computes it with BigDecimal, some hundred
 * times slower than a product and a sum: so coarse a difference that a short race tells it without fail, even in the
 * interpreter, and on any processor. Public only because rooms are apart.
 */
public final class FusedMultiplyAdd {
    /** A constant to the compiler, so that a choice by it costs nothing in a loop. */
    public static final boolean FAST = race();

    private static final int CALLS = 1_000;
    private static final int ROUNDS = 10;
    private static final int SLOWER = 20;

    private FusedMultiplyAdd() {}

    /** The best of several rounds, because a pause can only lengthen one. */
    private static boolean race() {
        long fused = Long.MAX_VALUE;
        long separate = Long.MAX_VALUE;
        double sum = 0.0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                sum = Math.fma(sum, 0.5, 1.1);
            }
            long middle = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                sum = sum * 0.5 + 1.1;
            }
            fused = Math.min(fused, middle - start);
            separate = Math.min(separate, System.nanoTime() - middle);
        }
        return fused < SLOWER * Math.max(separate, 1) && sum > 0.0;
    }
}
