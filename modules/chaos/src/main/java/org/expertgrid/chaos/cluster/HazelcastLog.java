package org.expertgrid.chaos.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Sends the log of Hazelcast in this JVM to a file until it is closed, because injected faults fill it. */
public final class HazelcastLog implements AutoCloseable {
    private final Logger logger = Logger.getLogger("com.hazelcast");
    private final FileHandler file;

    private HazelcastLog(Path path) {
        try {
            file = new FileHandler(path.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("no log: " + e.getMessage(), e);
        }
        file.setFormatter(new SimpleFormatter());
        logger.addHandler(file);
        logger.setUseParentHandlers(false);
    }

    /** Creates the file and sends the log to it. */
    public static HazelcastLog to(Path path) {
        return new HazelcastLog(path);
    }

    @Override
    public void close() {
        logger.setUseParentHandlers(true);
        logger.removeHandler(file);
        file.close();
    }
}
