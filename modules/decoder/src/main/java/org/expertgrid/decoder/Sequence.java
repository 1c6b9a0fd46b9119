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

    SequenceCache cache() {
        return cache;
    }

    /** Ends the sequence. A second call does nothing. */
    @Override
    public void close() {
        cache.close();
    }
}
