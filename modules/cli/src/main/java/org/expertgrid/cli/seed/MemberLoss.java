package org.expertgrid.cli.seed;

import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.kernels.Matrix;

/**
 * The observations of a caller that called without a pause while a member was lost.
 *
 * @param gapMillis the longest time between two answers, in milliseconds
 * @param largestDifference the largest difference of an answer from the first one, relative to the scale
 * @param allowedDifference the tolerance for sums in another order
 */
public record MemberLoss(double gapMillis, double largestDifference, double allowedDifference) {
    private static final int ANSWERS_AFTERWARDS = 3;

    /** Calls all the time, runs {@code lose} meanwhile, and makes a few calls after it has returned. */
    public static MemberLoss during(UnaryOperator<Matrix> forward, Matrix x, Runnable lose) {
        Matrix expected = forward.apply(x);
        double difference = 0;
        long longest = 0;
        CompletableFuture<Void> lost = CompletableFuture.runAsync(lose);
        long last = System.nanoTime();
        for (int since = 0; since < ANSWERS_AFTERWARDS; since += lost.isDone() ? 1 : 0) {
            Matrix answer = forward.apply(x);
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
            difference = Math.max(difference, Agreement.ofScale(answer, expected));
        }
        lost.join();
        return new MemberLoss(longest / 1e6, difference, Agreement.tolerance(x.elementType()));
    }

    /** Returns whether every answer is within the tolerance of the first one. */
    public boolean sameAnswer() {
        return largestDifference <= allowedDifference;
    }
}
