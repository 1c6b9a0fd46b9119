package org.expertgrid.decoder;

import org.expertgrid.decoder.caches.SequenceCache;

/**
 * One sequence that a {@link Decoder} reads: the positions read so far, whose keys and values are cached.
 *
 * <p>One step at a time uses it. Closing it gives its memory back.
 */
public final class Sequence implements AutoCloseable {
    private final SequenceCache cache;

    Sequence(SequenceCache cache) {
        this.cache = cache;
    }

    /** Returns how many tokens have been read. */
    public int length() {
        return cache.length();
    }

    /** Returns how many tokens can be read at the most. */
    public int mostTokens() {
        return cache.mostPositions();
    }

    /**
     * Takes the memory that {@code tokens} more tokens need, so that a step can read them. Returns false, and takes none, where other
     * sequences leave too little.
     *
     * @throws IllegalArgumentException if the sequence would become longer than {@link #mostTokens}
     */
    public boolean reserve(int tokens) {
        return cache.reserve(tokens);
    }

    SequenceCache cache() {
        return cache;
    }

    /** Ends the sequence. A second call does nothing. */
    @Override
    public void close() {
        cache.close();
    }
}
