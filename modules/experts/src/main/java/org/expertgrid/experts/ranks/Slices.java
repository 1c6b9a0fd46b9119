package org.expertgrid.experts.ranks;

/**
 * A width divided into parts that differ by one at the most: the first {@code width mod parts} hold one more.
 *
 * @param width what is divided
 * @param parts how many parts there are
 */
public record Slices(int width, int parts) {
    /** Returns where a part begins. */
    public int from(int part) {
        return part * (width / parts) + Math.min(part, width % parts);
    }

    /** Returns where a part ends. */
    public int to(int part) {
        return from(part + 1);
    }

    /** Returns how wide a part is. */
    public int size(int part) {
        return to(part) - from(part);
    }
}
