package org.expertgrid.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that is there until it is closed.
 *
 * <p>Safe for use by many threads.
 *
 * @param path where it is
 */
public record TemporaryFolder(Path path) implements AutoCloseable {
    /**
     * Makes one, where the system has such folders.
     *
     * @throws UncheckedIOException if it cannot be made
     */
    public static TemporaryFolder create() {
        try {
            return new TemporaryFolder(Files.createTempDirectory("expertgrid-"));
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder: " + e.getMessage(), e);
        }
    }

    /** Deletes it and all that is in it; does nothing when done again. Where that fails, a warning says so. */
    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException deletedAlready) {
            // Ended twice.
        } catch (IOException | UncheckedIOException e) {
            // What was asked for is done all the same.
            System.getLogger(TemporaryFolder.class.getName()).log(Level.WARNING, path + ": cannot be deleted: " + e);
        }
    }
}
