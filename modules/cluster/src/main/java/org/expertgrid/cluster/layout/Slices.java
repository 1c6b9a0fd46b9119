package org.expertgrid.cluster.layout;

/**
 * A width divided into parts that differ by one at the most: the first {@code width mod parts} hold one more.
 *
 * @param width what is divided
 * @param parts how many parts there are
 */
public record Slices(int width, int parts) {
    public int from(int part) {
        return part * (width / parts) + Math.min(part, width % parts);
    }

    int to(int part) {
        return from(part + 1);
    }

    public int size(int part) {
        return to(part) - from(part);
    }
}
