package org.expertgrid.checkpoints;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tiny checkpoints that the tests of several modules read. Maven runs the tests of a module in the folder of the module, so
 * the path is the same for all of them.
 */
public final class FamilyFolders {
    private static final Path ROOT = Path.of("../checkpoints/src/test/resources/families");

    private FamilyFolders() {}

    /** Returns the folder of that name. */
    public static Path folder(String name) {
        return ROOT.resolve(name);
    }

    /** Returns the names of all folders that hold a checkpoint and its golden results. */
    public static List<String> names() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(folder -> Files.exists(folder.resolve("golden.safetensors")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
