package org.expertgrid.cli.options;

import java.nio.file.Path;
import org.expertgrid.checkpoints.npy.NpyWeights;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeWeights;
import picocli.CommandLine.Option;

/** The option that says where a model's weights come from: as the seed draws them, or files. */
public final class ModelSource {
    @Option(
            names = "--weights",
            paramLabel = "DIR",
            description = "Folder of router.weight.npy, router.bias.npy, expert0.fc1.weight.npy, expert0.fc1.bias.npy,"
                    + " expert0.fc2.weight.npy, ... instead of random weights; sizes and type are the files'. A weight is"
                    + " [in, out], a bias [out]: transpose weights of PyTorch's Linear, which are [out, in].")
    private Path folder;

    public boolean isGiven() {
        return folder != null;
    }

    /** Returns the weights, all options checked against them; those that are drawn are drawn from {@code states}. */
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
