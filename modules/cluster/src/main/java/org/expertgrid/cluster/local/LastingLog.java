package org.expertgrid.cluster.local;

import java.util.logging.LogManager;

/**
 * The logging of a member's JVM, which goes on until the JVM has ended. That of the JDK closes its handlers when the JVM begins to shut down, so that
 * a member that leaves its cluster could not say how.
 */
public final class LastingLog extends LogManager {
    /** Does nothing: the JDK calls this when the JVM begins to shut down. */
    @Override
    public void reset() {}

    /** Closes the handlers of this JVM's log, if it is one of these. */
    static void close() {
        if (getLogManager() instanceof LastingLog log) {
            log.closeHandlers();
        }
    }

    private void closeHandlers() {
        super.reset();
    }
}
