package org.expertgrid.checkpoints;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.expertgrid.checkpoints.config.Config;
import org.expertgrid.checkpoints.families.Families;
import org.expertgrid.checkpoints.families.MoeLayers;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.checkpoints.weights.LayerWeights;
import org.expertgrid.checkpoints.weights.StoredWeights;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.weights.MoeWeights;

/**
 * A folder with a checkpoint as it is published: {@code config.json}, and {@code model.safetensors} or an index of several such files.
 *
 * <pre>
 *   MoeWeights third = Checkpoint.open(folder).layer(3);
 * </pre>
 *
 * The config and the headers of all files are read when it is opened, and weights when they are asked for. A checkpoint holds no open file
 * and need not be closed.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class Checkpoint {
    private static final int MOST_LAYERS_TOLD = 20;

    private final Path folder;
    private final Config config;
    private final MoeLayers moeLayers;
    private final Tensors tensors;

    private Checkpoint(Path folder) {
        this.folder = folder;
        this.config = Config.read(folder.resolve("config.json"));
        this.moeLayers = Families.read(config);
        this.tensors = Tensors.ofFolder(folder);
    }

    /**
     * Opens a folder.
     *
     * @throws BadFileException if the config or a file of weights is missing or wrong, or the family of the model is not known
     */
    public static Checkpoint open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new BadFileException(folder + ": no such folder");
        }
        return new Checkpoint(folder);
    }

    /** Returns the folder. */
    public Path folder() {
        return folder;
    }

    /** Returns what config.json holds. */
    public Config config() {
        return config;
    }

    /** Returns which layers are MoE layers, and what they are like. */
    public MoeLayers moeLayers() {
        return moeLayers;
    }

    /** Returns the tensors of all files. */
    public Tensors tensors() {
        return tensors;
    }

    /** Returns a reader of any tensor as a weight or a matrix. */
    public StoredWeights weights() {
        return new StoredWeights(tensors);
    }

    /**
     * Returns the weights of an MoE layer, having compared all its tensors with the config. Experts are read when they are asked for.
     *
     * @param layer its number in the model, from 0 on, dense layers counted
     * @throws IllegalArgumentException if it is no MoE layer
     * @throws BadFileException if a tensor of the layer is missing, extra, misshapen or of a wrong type; names every one
     */
    public MoeWeights layer(int layer) {
        return new LayerWeights(moeLayers, layer, tensors);
    }

    /**
     * Returns the weights of several MoE layers by their numbers, as {@link #layer} does.
     *
     * @throws IllegalArgumentException if one is no MoE layer
     * @throws BadFileException if a tensor of any of the layers is missing, extra, misshapen or of a wrong type; names those of all layers
     */
    public SortedMap<Integer, MoeWeights> layers(Collection<Integer> numbers) {
        SortedMap<Integer, MoeWeights> layers = new TreeMap<>();
        List<BadFileException> problems = new ArrayList<>();
        for (int number : numbers) {
            try {
                layers.put(number, layer(number));
            } catch (BadFileException e) {
                problems.add(e);
            }
        }
        if (!problems.isEmpty()) {
            throw together(problems);
        }
        return layers;
    }

    private BadFileException together(List<BadFileException> problems) {
        String place = tensors.path() + ": ";
        String told = problems.stream()
                .limit(MOST_LAYERS_TOLD)
                .map(problem -> problem.getMessage().replace(place, ""))
                .collect(Collectors.joining("; "));
        int more = problems.size() - MOST_LAYERS_TOLD;
        return new BadFileException(place + told + (more > 0 ? "; and " + more + " more layers" : ""), problems.get(0));
    }
}
