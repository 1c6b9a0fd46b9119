package org.expertgrid.chaos.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What Hazelcast says in this JVM, in a file until it is closed: of faults that are brought about on purpose it says much. */
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

    /** Has it go to that file, which is made. */
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
