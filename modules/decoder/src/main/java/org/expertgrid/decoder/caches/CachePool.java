package org.expertgrid.decoder.caches;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.expertgrid.experts.errors.Problems;

/**
 * The memory of all sequences' caches, bounded by the number of positions.
 *
 * <p>A sequence takes pages as it grows and gives them back when it ends; their memory is used again. Where none is left, the caller closes
 * another sequence or waits for its end.
 *
 * <p>Safe for use by many threads.
 */
public final class CachePool {
    private final List<CacheShape> shapes;
    private final CacheType type;
    private final long mostPages;
    private final Deque<CachePage> free = new ArrayDeque<>();
    private long usedPages;

    /**
     * Begins without any memory.
     *
     * @param shapes what each layer keeps of a position
     * @param mostPositions the bound on the positions of all sequences together, rounded up to whole pages
     * @param mostBytes the bound on their memory, rounded down to whole pages, but at least one
     */
    public CachePool(List<CacheShape> shapes, CacheType type, long mostPositions, long mostBytes) {
        new Problems()
                .expect(mostPositions >= 1, "mostPositions", mostPositions, "at least 1")
                .expect(mostBytes >= 1, "mostBytes", mostBytes, "at least 1")
                .throwIfAny();
        this.shapes = List.copyOf(shapes);
        this.type = type;
        long pagesOfBytes = mostBytes / (bytesPerPosition() * CachePage.POSITIONS);
        this.mostPages = Math.min(pages(mostPositions), Math.max(1, pagesOfBytes));
    }

    /** Returns the bound on the positions of all sequences together. */
    public long mostPositions() {
        return mostPages * CachePage.POSITIONS;
    }

    /** Returns how many positions are in use now, in whole pages. */
    public synchronized long usedPositions() {
        return usedPages * CachePage.POSITIONS;
    }

    /** Returns how many bytes one position takes. */
    public long bytesPerPosition() {
        return shapes.stream().mapToLong(CacheShape::elements).sum() * type.bytes();
    }

    /** Begins the cache of a sequence that may have so many positions, and takes no pages yet. */
    public SequenceCache open(int mostPositions) {
        return new SequenceCache(this, mostPositions);
    }

    /** Adds so many pages to {@code taken}, or none, and returns false, where that would be more than the bound. */
    synchronized boolean takePages(int count, List<CachePage> taken) {
        if (usedPages + count > mostPages) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            CachePage again = free.poll();
            taken.add(again == null ? new CachePage(shapes, type) : again);
            usedPages++;
        }
        return true;
    }

    synchronized void giveBack(List<CachePage> pages) {
        free.addAll(pages);
        usedPages -= pages.size();
    }

    private static long pages(long positions) {
        return (positions + CachePage.POSITIONS - 1) / CachePage.POSITIONS;
    }
}
