package org.expertgrid.decoder.caches;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.expertgrid.experts.errors.Problems;

/**
 * The memory of all sequences' caches, bounded by the number of positions.
 *
 * <p>A sequence reserves all positions that it may ever have before it begins, so no sequence has to give way once it runs. Memory is
 * allocated when positions are read, and used again when a sequence has ended.
 *
 * <p>Safe for use by many threads.
 */
public final class CachePool {
    private final List<CacheShape> shapes;
    private final CacheType type;
    private final long mostPages;
    private final Deque<CachePage> free = new ArrayDeque<>();
    private long reservedPages;

    /**
     * Begins without any memory.
     *
     * @param shapes what each layer keeps of a position
     * @param mostPositions the bound on the positions of all sequences together, rounded up to whole pages
     */
    public CachePool(List<CacheShape> shapes, CacheType type, long mostPositions) {
        new Problems()
                .expect(mostPositions >= 1, "mostPositions", mostPositions, "at least 1")
                .throwIfAny();
        this.shapes = List.copyOf(shapes);
        this.type = type;
        this.mostPages = pages(mostPositions);
    }

    /** Returns the bound on the positions of all sequences together. */
    public long mostPositions() {
        return mostPages * CachePage.POSITIONS;
    }

    /** Returns how many positions are reserved now, in whole pages. */
    public synchronized long reservedPositions() {
        return reservedPages * CachePage.POSITIONS;
    }

    /** Returns how many bytes one position takes. */
    public long bytesPerPosition() {
        return shapes.stream().mapToLong(CacheShape::elements).sum() * type.bytes();
    }

    /**
     * Reserves the positions of a new sequence; returns nothing where other sequences leave too few.
     *
     * @throws IllegalArgumentException if they are more than the bound, so that waiting would not help
     */
    public synchronized Optional<SequenceCache> open(int mostPositions) {
        new Problems()
                .expect(
                        mostPositions >= 1 && pages(mostPositions) <= mostPages,
                        "positions of the sequence",
                        mostPositions,
                        "1 to " + mostPositions() + ", the most that may be cached")
                .throwIfAny();
        if (reservedPages + pages(mostPositions) > mostPages) {
            return Optional.empty();
        }
        reservedPages += pages(mostPositions);
        return Optional.of(new SequenceCache(this, mostPositions));
    }

    synchronized CachePage takePage() {
        CachePage used = free.poll();
        return used == null ? new CachePage(shapes, type) : used;
    }

    synchronized void giveBack(List<CachePage> pages, int mostPositions) {
        free.addAll(pages);
        reservedPages -= pages(mostPositions);
    }

    private static long pages(long positions) {
        return (positions + CachePage.POSITIONS - 1) / CachePage.POSITIONS;
    }
}
