package org.expertgrid.cluster.layout;

import java.util.stream.IntStream;

/**
 * Consecutive experts of one layer, at least one.
 *
 * @param first the number of the first expert, from 0 up
 * @param end one more than the number of the last expert
 */
public record ExpertRange(int first, int end) {
    /** Returns the experts' numbers, in ascending order. */
    public IntStream stream() {
        return IntStream.range(first, end);
    }

    @Override
    public String toString() {
        return end == first + 1 ? "expert " + first : "experts " + first + " to " + (end - 1);
    }
}
