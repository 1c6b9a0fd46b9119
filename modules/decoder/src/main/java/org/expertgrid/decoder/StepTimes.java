package org.expertgrid.decoder;

/**
 * Where the time of steps went, in nanoseconds.
 *
 * @param total from beginning to end
 * @param attention in attention, its projections and caches
 * @param experts in layers that have experts, which is the grid's time where the experts are in a grid
 * @param head in the projection to logits
 */
public record StepTimes(long total, long attention, long experts, long head) {
    /** No time at all. */
    public static final StepTimes NONE = new StepTimes(0, 0, 0, 0);

    /** Returns the times of both. */
    public StepTimes plus(StepTimes other) {
        return new StepTimes(
                total + other.total, attention + other.attention, experts + other.experts, head + other.head);
    }
}
