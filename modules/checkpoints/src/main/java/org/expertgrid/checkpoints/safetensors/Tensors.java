package org.expertgrid.checkpoints.safetensors;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.expertgrid.experts.errors.BadFileException;

/**
 * The tensors of a safetensors file, or of a folder of such files, by their names. All headers are read and checked when this value
 * is made; elements are read later, tensor by tensor.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Tensors {
    private static final String SINGLE_FILE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final Path path;
    private final Map<String, Tensor> byName;

    private Tensors(Path path, Map<String, Tensor> byName) {
        this.path = path;
        this.byName = Collections.unmodifiableMap(byName);
    }

    /**
     * Returns the tensors of one file.
     *
     * @throws BadFileException if the file is missing, cannot be read, or breaks a rule of the format
     */
    public static Tensors ofFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadFileException(file + ": no such file");
        }
        Map<String, Tensor> byName = new LinkedHashMap<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (Tensor tensor : HeaderReader.read(FileVersion.of(file, channel), channel)) {
                byName.put(tensor.name(), tensor);
            }
        } catch (IOException e) {
            throw new BadFileException(file + ": cannot be read: " + e, e);
        }
        return new Tensors(file, byName);
    }

    /**
     * Returns the tensors of {@code model.safetensors} in a folder, or, where that file is missing, of the files that
     * {@code model.safetensors.index.json} names.
     *
     * @throws BadFileException if both are missing, if the index is wrong, or if one of the files is
     */
    public static Tensors ofFolder(Path folder) {
        Path single = folder.resolve(SINGLE_FILE);
        if (Files.exists(single)) {
            return new Tensors(folder, ofFile(single).byName);
        }
        Path index = folder.resolve(INDEX);
        if (Files.exists(index)) {
            return new Tensors(folder, TensorIndex.read(index).tensors());
        }
        throw BadFileException.expected(folder, "weights", "none", SINGLE_FILE + " or " + INDEX);
    }

    /** Returns the file or the folder that the tensors are in. */
    public Path path() {
        return path;
    }

    /** Returns the names of all tensors. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** Returns the tensor of that name, or nothing. */
    public Optional<Tensor> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * Returns the tensor of that name.
     *
     * @throws BadFileException if there is none
     */
    public Tensor get(String name) {
        return find(name).orElseThrow(() -> new BadFileException(path + ": tensor " + name + ": missing"));
    }
}
