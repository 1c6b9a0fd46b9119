package org.expertgrid.cli.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.narrowing.NarrowedWeights;
import org.expertgrid.checkpoints.npy.NpyWeights;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.choice.KernelsChoice;
import picocli.CommandLine.Option;

/** The options for the source of a model's weights: a checkpoint, .npy files, or the seed's random draw. */
public final class ModelSource {
    @Option(
            names = "--weights",
            paramLabel = "DIR",
            description = "Folder of router.weight.npy, router.bias.npy, expert0.fc1.weight.npy, expert0.fc1.bias.npy,"
                    + " expert0.fc2.weight.npy, ... instead of random weights; sizes and type are the files'. A weight is"
                    + " [in, out], a bias [out]: transpose weights of PyTorch's Linear, which are [out, in].")
    private Path folder;

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description =
                    "A folder as Hugging Face publishes it (config.json, *.safetensors) instead of random weights.")
    private Path checkpoint;

    @Option(
            names = "--weights-as",
            paramLabel = "TYPE",
            defaultValue = "stored",
            description = "What the weights of a checkpoint are kept as: stored, float32, bf16, int8, int4, w8a8, w4a8"
                    + " (${DEFAULT-VALUE}). w8a8 and w4a8 narrow the rows to 8 bits, too, which is faster for few rows, from JDK 21 on."
                    + " int8, int4, w8a8 and w4a8 change the numbers, and their errors are reported.")
    private String weightsAs;

    /** Returns whether files were named. */
    public boolean isGiven() {
        return folder != null || checkpoint != null;
    }

    /** Returns whether a checkpoint was named. */
    public boolean isCheckpoint() {
        return checkpoint != null;
    }

    /** Adds the problems of options that do not go together. */
    public Problems check(Problems problems) {
        return problems.expect(
                        folder == null || checkpoint == null, "--weights", folder, "not together with --checkpoint")
                .expect(
                        checkpoint != null || weightsAs.equals("stored"),
                        "--weights-as",
                        weightsAs,
                        "--checkpoint with it, for weights that are stored");
    }

    /** Opens the checkpoint that was named, or that of the model that ships. */
    public Checkpoint openCheckpoint() {
        return Checkpoint.open(checkpoint != null ? checkpoint : CheckpointOptions.shipped());
    }

    /**
     * Returns layers of the checkpoint by their numbers, narrowed if that was asked for.
     *
     * @param layers the numbers of the layers; nothing for every MoE layer
     */
    public Map<Integer, MoeWeights> layers(Checkpoint opened, Optional<List<Integer>> layers) {
        Optional<WeightFormat> format = CheckpointOptions.weightsAs(weightsAs);
        List<Integer> there = opened.moeLayers().moeLayers();
        Problems problems = new Problems();
        layers.ifPresent(asked -> asked.forEach(layer -> problems.expect(
                there.contains(layer), "layer", layer, "one of the MoE layers of the checkpoint, " + there)));
        problems.throwIfAny();
        Map<Integer, MoeWeights> weights = opened.layers(layers.orElse(there));
        format.ifPresent(narrow ->
                weights.replaceAll((layer, stored) -> new NarrowedWeights(stored, narrow, KernelsChoice.best())));
        return weights;
    }

    /** Returns one layer of the checkpoint after a check of all options against it. */
    public MoeWeights openLayer(ShapeOptions options, int layer) {
        Problems problems = options.problems();
        MoeWeights weights =
                layers(openCheckpoint(), Optional.of(List.of(layer))).get(layer);
        String name = checkpoint + ", layer " + layer;
        options.checkAgainst(problems, name, weights.shape(), weights.elementType());
        options.checkGiven(problems, "--topk", weights.rule().topK(), name);
        options.checkRanks(problems, weights.shape()).throwIfAny();
        return weights;
    }

    /** Returns the weights after a check of all options against them. Random weights are drawn from {@code states}. */
    public MoeWeights open(ShapeOptions options, NamedRandomStates states) {
        if (folder == null) {
            options.check();
            return MoeWeights.random(options.shape(), options.element, states);
        }
        Problems problems = options.problems();
        MoeWeights weights = NpyWeights.open(folder);
        options.checkAgainst(problems, folder.toString(), weights.shape(), weights.elementType());
        options.checkRanks(problems, weights.shape()).throwIfAny();
        return weights;
    }
}
