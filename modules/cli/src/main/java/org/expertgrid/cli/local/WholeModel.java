package org.expertgrid.cli.local;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.narrowing.NarrowedWeights;
import org.expertgrid.cli.output.NarrowingReport;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Progress;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.batching.BatchLimits;
import org.expertgrid.decoder.generation.LanguageModel;
import org.expertgrid.experts.weights.MoeWeights;

/**
 * A model whose experts come after the rest of it, so that bad input is refused before they are deployed. A step waits for them.
 *
 * <p>For one thread, but for {@link #language}.
 */
public final class WholeModel implements AutoCloseable {
    private static final String TEMPORARY_MODEL = "model";

    private final LanguageModel language;
    private final CompletableFuture<ExpertLayers> experts;
    private final Function<Output, ExpertLayers> deployment;
    private final Runnable endByCaller;

    private WholeModel(
            LanguageModel language,
            CompletableFuture<ExpertLayers> experts,
            Function<Output, ExpertLayers> deployment,
            Runnable endByCaller) {
        this.language = language;
        this.experts = experts;
        this.deployment = deployment;
        this.endByCaller = endByCaller;
    }

    /** Opens a model whose experts are computed in this JVM. */
    static WholeModel local(Checkpoint checkpoint, DecoderOptions options) {
        Map<Integer, MoeWeights> weights = weights(checkpoint, options);
        return open(checkpoint, options, output -> new LocalExperts(weights, options), () -> {});
    }

    /** Opens a model whose experts are to be deployed on a cluster that may still be starting. */
    public static WholeModel on(TemporaryCluster cluster, Checkpoint checkpoint, DecoderOptions options, int ranks) {
        return open(
                checkpoint,
                options,
                output -> deploy(cluster.connect(), TEMPORARY_MODEL, checkpoint, options, ranks, output),
                cluster::endByCaller);
    }

    /** Opens a model whose experts were deployed under a name. */
    static WholeModel deployed(
            Supplier<Connection> cluster, String name, Checkpoint checkpoint, DecoderOptions options) {
        return open(checkpoint, options, output -> ExpertGrid.find(cluster.get(), checkpoint, name), () -> {});
    }

    /** Opens a model whose experts are found under a name, or are to be deployed under it if it is free. They stay deployed. */
    static WholeModel deployedIfMissing(
            Supplier<Connection> cluster, String name, Checkpoint checkpoint, DecoderOptions options, int ranks) {
        return open(
                checkpoint,
                options,
                output -> {
                    try {
                        return ExpertGrid.find(cluster.get(), checkpoint, name);
                    } catch (ModelNotFoundException missing) {
                        return deploy(cluster.get(), name, checkpoint, options, ranks, output);
                    }
                },
                () -> {});
    }

    private static ExpertGrid deploy(
            Connection cluster, String name, Checkpoint checkpoint, DecoderOptions options, int ranks, Output output) {
        try (Progress progress = output.progress("Deploying")) {
            return ExpertGrid.deploy(cluster, checkpoint, name, weights(checkpoint, options), ranks, progress);
        }
    }

    private static WholeModel open(
            Checkpoint checkpoint,
            DecoderOptions options,
            Function<Output, ExpertLayers> deployment,
            Runnable endByCaller) {
        CompletableFuture<ExpertLayers> experts = new CompletableFuture<>();
        DecoderOptions withExperts = options.withExpertLayers(
                number -> x -> experts.join().layer(number).forward(x));
        LanguageModel language = LanguageModel.open(checkpoint, withExperts, BatchLimits.DEFAULT);
        return new WholeModel(language, experts, deployment, endByCaller);
    }

    private static Map<Integer, MoeWeights> weights(Checkpoint checkpoint, DecoderOptions options) {
        Map<Integer, MoeWeights> weights =
                checkpoint.layers(checkpoint.moeLayers().moeLayers());
        options.weightsAs()
                .ifPresent(format ->
                        weights.replaceAll((layer, stored) -> new NarrowedWeights(stored, format, options.kernels())));
        return weights;
    }

    /** Returns the model. */
    public LanguageModel language() {
        return language;
    }

    /** Deploys or finds the experts, and tells on standard error what it cost to narrow them. */
    public void deploy(Output output) {
        ExpertLayers deployed = deployment.apply(output);
        (output.isVerbose()
                        ? deployed.narrowing().lines()
                        : deployed.narrowing().summary())
                .forEach(output.err()::println);
        experts.complete(deployed);
    }

    /** Returns what it cost to narrow the experts, once they are deployed. */
    public NarrowingReport narrowing() {
        return experts.join().narrowing();
    }

    /** Returns the experts on a cluster; nothing where they are in this JVM, or not deployed yet. */
    public Optional<ExpertGrid> grid() {
        return experts.isDone() && experts.join() instanceof ExpertGrid grid ? Optional.of(grid) : Optional.empty();
    }

    /** Has the caller close the cluster also when the JVM ends, so that texts can end before the cluster does. */
    public void endByCaller() {
        endByCaller.run();
    }

    /** Returns the times of the experts since they were deployed. */
    public ExpertTimes expertTimes() {
        return experts.isDone() ? experts.join().times() : ExpertTimes.NONE;
    }

    @Override
    public void close() {
        experts.cancel(false); // does nothing where they are there; otherwise, a step that waits for them ends
        language.close();
        if (!experts.isCancelled()) {
            experts.join().close();
        }
    }
}
