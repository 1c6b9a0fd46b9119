package org.expertgrid.decoder.tokens;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.ExpertgridException;

/**
 * Opens tokenizers of the native library, which is unpacked from its jar into a folder once.
 *
 * <p>The folder is that of the system property {@code expertgrid.cache}, else {@code expertgrid} in the user's cache folder. The library takes it,
 * and the word that it needs no other build of itself from the network, from system properties of its own; what is set already stays.
 */
final class NativeLibrary {
    static final String FOLDER = "expertgrid.cache";

    private NativeLibrary() {}

    /**
     * Returns the tokenizer of this {@code tokenizer.json}, which cuts off nothing and fills up nothing.
     *
     * @param path the file, for messages
     * @throws BadFileException if the library does not accept it
     * @throws ExpertgridException if the library cannot be loaded
     */
    static HuggingFaceTokenizer open(Path path, InputStream content) throws IOException {
        setUnlessSet("ENGINE_CACHE_DIR", folder().toString());
        setUnlessSet("RUST_FLAVOR", "cpu");
        try {
            return HuggingFaceTokenizer.newInstance(content, Map.of("truncation", "false", "padding", "false"));
        } catch (RuntimeException e) {
            throw new BadFileException(path + ": not accepted by the native tokenizer: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw new ExpertgridException(
                    "the native tokenizer cannot be loaded from " + System.getProperty("ENGINE_CACHE_DIR")
                            + " (expected: a folder that can be written to and that holds programs; choose one by -D"
                            + FOLDER + "=FOLDER): " + e,
                    e);
        }
    }

    private static Path folder() {
        String chosen = System.getProperty(FOLDER);
        String caches = System.getenv("XDG_CACHE_HOME");
        if (chosen != null) {
            return Path.of(chosen).toAbsolutePath();
        }
        Path parent = caches != null && !caches.isEmpty()
                ? Path.of(caches)
                : Path.of(System.getProperty("user.home"), ".cache");
        return parent.resolve("expertgrid");
    }

    private static void setUnlessSet(String name, String value) {
        if (System.getProperty(name) == null && System.getenv(name) == null) {
            System.setProperty(name, value);
        }
    }
}
