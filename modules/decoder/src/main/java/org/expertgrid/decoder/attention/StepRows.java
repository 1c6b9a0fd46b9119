package org.expertgrid.decoder.attention;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.decoder.caches.SequenceCache;
import org.expertgrid.decoder.rotary.Rotary;
import org.expertgrid.decoder.rotary.RotaryAngles;

/**
 * The rows of one step: chunks of several sequences, one below the other.
 *
 * <p>For the one thread that runs the step; within an attention, threads read it.
 */
public final class StepRows {
    private final List<Chunk> chunks = new ArrayList<>();
    private final Map<Rotary, RotaryAngles> angles = new IdentityHashMap<>();
    private int count;

    /**
     * Consecutive positions of one sequence.
     *
     * @param firstRow the row of the first of them
     * @param rows how many there are
     * @param firstPosition the position of the first of them
     */
    record Chunk(SequenceCache cache, int firstRow, int rows, int firstPosition) {}

    /** Adds the next {@code rows} positions of a sequence, whose cache has reserved them. */
    public void add(SequenceCache cache, int rows) {
        chunks.add(new Chunk(cache, count, rows, cache.length()));
        count += rows;
    }

    /** Returns how many rows there are. */
    public int count() {
        return count;
    }

    List<Chunk> chunks() {
        return chunks;
    }

    /** Returns the angles of all rows, which are computed when a layer asks for the first time. */
    RotaryAngles angles(Rotary rotary) {
        return angles.computeIfAbsent(rotary, this::compute);
    }

    private RotaryAngles compute(Rotary rotary) {
        RotaryAngles computed = new RotaryAngles(rotary, count);
        for (Chunk chunk : chunks) {
            for (int i = 0; i < chunk.rows(); i++) {
                computed.set(
                        chunk.firstRow() + i,
                        chunk.firstPosition() + i,
                        chunk.cache().mostPositions());
            }
        }
        return computed;
    }
}
