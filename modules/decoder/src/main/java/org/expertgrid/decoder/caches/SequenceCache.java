package org.expertgrid.decoder.caches;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.experts.errors.Problems;

/**
 * The keys and values of one sequence.
 *
 * <p>A step {@linkplain #reserve reserves} the positions that it reads, writes their keys and values in each layer, and
 * {@linkplain #advance advances} at its end. Values that a failed step has written lie beyond the length and are written again.
 *
 * <p>One step at a time uses it; within a step, threads may write and read different positions and heads.
 */
public final class SequenceCache implements AutoCloseable {
    /** How many positions are shown at a time. */
    public static final int PAGE = CachePage.POSITIONS;

    private final CachePool pool;
    private final int mostPositions;
    private final List<CachePage> pages = new ArrayList<>();
    private int length;
    private boolean closed;

    SequenceCache(CachePool pool, int mostPositions) {
        this.pool = pool;
        this.mostPositions = mostPositions;
    }

    /** Returns how many positions have been read. */
    public int length() {
        return length;
    }

    /** Returns how many positions the sequence may have. */
    public int mostPositions() {
        return mostPositions;
    }

    /**
     * Takes the pages that {@code count} more positions need; returns false, and takes none, where other sequences leave too few.
     *
     * @throws IllegalArgumentException if the sequence would have more positions than it may
     * @throws IllegalStateException if this cache is closed
     */
    public boolean reserve(int count) {
        if (closed) {
            throw new IllegalStateException("the cache of this sequence is closed");
        }
        new Problems()
                .expect(
                        count <= mostPositions - length,
                        "positions",
                        length + " + " + count,
                        "at most the " + mostPositions + " that the sequence may have")
                .throwIfAny();
        int missing = (length + count + PAGE - 1) / PAGE - pages.size();
        return missing <= 0 || pool.takePages(missing, pages);
    }

    /** Counts {@code count} reserved positions as read. */
    public void advance(int count) {
        length += count;
    }

    /** Keeps the key of a reserved position in a layer, which begins at {@code from}. */
    public void putKey(int layer, int head, int position, float[] numbers, int from) {
        pages.get(position / PAGE).putKey(layer, head, position % PAGE, numbers, from);
    }

    /** Keeps the value of a reserved position in a layer, which begins at {@code from}. */
    public void putValue(int layer, int head, int position, float[] numbers, int from) {
        pages.get(position / PAGE).putValue(layer, head, position % PAGE, numbers, from);
    }

    /**
     * Shows the keys of positions {@code page * PAGE} and following, a row for each element. Slots of positions that have not been written hold
     * anything.
     */
    public void showKeys(int layer, int head, int page, Tile tile) {
        pages.get(page).showKeys(layer, head, tile);
    }

    /** Shows the values of positions {@code page * PAGE} and following, a row for each position. */
    public void showValues(int layer, int head, int page, Tile tile) {
        pages.get(page).showValues(layer, head, tile);
    }

    /** Gives the pages back. A second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            pool.giveBack(pages);
            pages.clear();
        }
    }
}
