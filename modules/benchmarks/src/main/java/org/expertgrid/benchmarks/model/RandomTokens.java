package org.expertgrid.benchmarks.model;

import java.util.SplittableRandom;

/** Tokens at random, the same ones for each new instance. */
final class RandomTokens {
    private final SplittableRandom random = new SplittableRandom(1);
    private final int vocabulary;

    RandomTokens(int vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Returns the next tokens of some sequences. */
    int[][] next(int sequences, int each) {
        int[][] tokens = new int[sequences][each];
        for (int[] of : tokens) {
            for (int i = 0; i < each; i++) {
                of[i] = random.nextInt(vocabulary);
            }
        }
        return tokens;
    }
}
