package org.expertgrid.cli.output;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps to itself, until it is closed, what Hazelcast warns of when a member is lost: that was on purpose. */
public final class ExpectedWarnings implements AutoCloseable {
    private final Logger hazelcast = Logger.getLogger("com.hazelcast");
    private final Level before = hazelcast.getLevel();

    /** Has errors alone be shown from now on. */
    public void begin() {
        hazelcast.setLevel(Level.SEVERE);
    }

    @Override
    public void close() {
        hazelcast.setLevel(before);
    }
}
