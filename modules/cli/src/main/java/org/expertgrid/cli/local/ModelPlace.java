package org.expertgrid.cli.local;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.narrowing.NarrowedWeights;
import org.expertgrid.cli.options.CheckpointOptions;
import org.expertgrid.cli.options.GridOptions;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Progress;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.batching.BatchLimits;
import org.expertgrid.decoder.generation.LanguageModel;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.weights.MoeWeights;
import picocli.CommandLine.Mixin;

/** The options of a command that runs a whole model: which checkpoint, and where its experts are computed. */
public final class ModelPlace {
    @Mixin
    private CheckpointOptions checkpoint;

    @Mixin
    private GridOptions grid;

    @Mixin
    private RunningCluster running;

    /**
     * Throws the problems of these options.
     *
     * @throws IllegalArgumentException if there are any; names every one
     */
    public void check() {
        grid.check(running.isAskedFor());
        checkpoint.weightsAs();
    }

    /** Returns the folder of the checkpoint. */
    public Path folder() {
        return checkpoint.folder();
    }

    /** Returns the name of the checkpoint's folder. */
    public String name() {
        return folder().toAbsolutePath().normalize().getFileName().toString();
    }

    /**
     * A model that is ready.
     *
     * @param grid the experts on a cluster, which end with the model; nothing for experts in this JVM
     */
    public record Opened(LanguageModel model, Optional<ExpertGrid> grid) implements AutoCloseable {
        /** Has the caller close this also when the JVM ends, so that a text that runs can end before the cluster does. */
        public void endByCaller() {
            grid.ifPresent(ExpertGrid::endByCaller);
        }

        @Override
        public void close() {
            model.close();
            grid.ifPresent(ExpertGrid::close);
        }
    }

    /** Opens the checkpoint, and deploys or finds its experts. */
    public Opened open(Output output) {
        Checkpoint opened = Checkpoint.open(checkpoint.folder());
        DecoderOptions defaults = DecoderOptions.defaults();
        DecoderOptions options =
                checkpoint.weightsAs().map(defaults::withWeightsAs).orElse(defaults);
        if (grid.isLocal()) {
            Map<Integer, MoeWeights> weights = weights(opened, options);
            return new Opened(
                    language(
                            opened,
                            options.withExpertLayers(
                                    layer -> new BatchedMoe(weights.get(layer), options.kernels(), options.team()))),
                    Optional.empty());
        }
        ExpertGrid experts = running.isAskedFor()
                ? ExpertGrid.find(running.connect(), opened, grid.model())
                : deploy(output, opened, weights(opened, options));
        try {
            return new Opened(language(opened, options.withExpertLayers(experts::layer)), Optional.of(experts));
        } catch (RuntimeException | Error e) {
            experts.close();
            throw e;
        }
    }

    private ExpertGrid deploy(Output output, Checkpoint opened, Map<Integer, MoeWeights> weights) {
        TemporaryCluster cluster = TemporaryCluster.start(grid.members(), grid.heap(), !grid.isProcesses());
        try (Progress progress = output.progress("Deploying")) {
            return ExpertGrid.deploy(cluster, opened, weights, grid.ranks(), progress);
        }
    }

    private static Map<Integer, MoeWeights> weights(Checkpoint opened, DecoderOptions options) {
        Map<Integer, MoeWeights> weights = new TreeMap<>();
        for (int layer : opened.moeLayers().moeLayers()) {
            MoeWeights stored = opened.layer(layer);
            weights.put(
                    layer,
                    options.weightsAs()
                            .<MoeWeights>map(format -> new NarrowedWeights(stored, format, options.kernels()))
                            .orElse(stored));
        }
        return weights;
    }

    private static LanguageModel language(Checkpoint opened, DecoderOptions options) {
        return LanguageModel.open(opened, options, BatchLimits.DEFAULT);
    }
}
