package org.expertgrid.cli.output;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Hides Hazelcast's warnings about members that are ended on purpose, until it is closed. */
public final class ExpectedWarnings implements AutoCloseable {
    private final Logger hazelcast = Logger.getLogger("com.hazelcast");
    private final Level before = hazelcast.getLevel();

    /** Hides everything below an error. */
    public void begin() {
        hazelcast.setLevel(Level.SEVERE);
    }

    @Override
    public void close() {
        hazelcast.setLevel(before);
    }
}
