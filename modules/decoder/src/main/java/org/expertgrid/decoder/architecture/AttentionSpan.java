package org.expertgrid.decoder.architecture;

/**
 * Which positions a position attends to; the last of them is always itself.
 *
 * @param size the size of the window or of a chunk; not used for {@link Kind#ALL}
 */
public record AttentionSpan(Kind kind, int size) {
    /** Attention to all positions so far. */
    public static final AttentionSpan ALL = new AttentionSpan(Kind.ALL, 0);

    /** Where the span begins. */
    public enum Kind {
        /** At position 0. */
        ALL,
        /** At the {@code size}-th last position. */
        WINDOW,
        /** At the last position that is a multiple of {@code size}. */
        CHUNK
    }

    /** Returns the first position that {@code position} attends to. */
    public int first(int position) {
        return switch (kind) {
            case ALL -> 0;
            case WINDOW -> Math.max(0, position - size + 1);
            case CHUNK -> position - position % size;
        };
    }
}
