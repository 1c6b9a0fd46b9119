package org.expertgrid.cluster.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The files and folders in a folder of a store whose names are an id, or an id and more behind a dot.
 *
 * @param folder the folder, which need not be there
 */
public record FilesById(Path folder) {
    /** Returns all ids that files or folders are named by. */
    public Set<UUID> ids() throws IOException {
        Set<UUID> ids = new TreeSet<>();
        for (Path path : content(folder)) {
            try {
                ids.add(UUID.fromString(name(path)));
            } catch (IllegalArgumentException noId) {
                continue;
            }
        }
        return ids;
    }

    /** Deletes the files that are named by an id, and the folders with the files in them. */
    public void delete(UUID id) throws IOException {
        for (Path path : content(folder)) {
            if (name(path).equals(id.toString())) {
                for (Path file : Files.isDirectory(path) ? content(path) : List.<Path>of()) {
                    Files.deleteIfExists(file);
                }
                Files.deleteIfExists(path);
            }
        }
    }

    private static String name(Path path) {
        String name = path.getFileName().toString();
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private static List<Path> content(Path folder) throws IOException {
        List<Path> content = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            paths.forEach(content::add);
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return content;
    }
}
