package org.expertgrid.cli.local;

import java.nio.file.Path;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.cli.options.CheckpointOptions;
import org.expertgrid.cli.options.GridOptions;
import org.expertgrid.decoder.Decoder;
import org.expertgrid.decoder.DecoderOptions;
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
     * Opens the checkpoint without its experts. Where they need a cluster, it begins to start.
     *
     * @param started takes the model and the cluster, each as soon as there is something to close
     * @throws org.expertgrid.experts.errors.BadFileException if the checkpoint is not complete or not supported
     */
    public WholeModel prepare(Resources started) {
        return started.add(open(started));
    }

    private WholeModel open(Resources started) {
        Checkpoint opened = Checkpoint.open(checkpoint.folder());
        DecoderOptions defaults = DecoderOptions.defaults().withGroups(grid.groups());
        DecoderOptions options =
                checkpoint.weightsAs().map(defaults::withWeightsAs).orElse(defaults);
        if (running.isAskedFor()) {
            return grid.model()
                    .map(model -> WholeModel.deployed(running::connect, model, opened, options))
                    .orElseGet(() ->
                            WholeModel.deployedIfMissing(running::connect, name(), opened, options, grid.ranks()));
        }
        Decoder.check(opened);
        if (grid.isLocal()) {
            return WholeModel.local(opened, options);
        }
        TemporaryCluster cluster =
                started.start(() -> TemporaryCluster.start(grid.members(), grid.heap(), !grid.isProcesses()));
        return WholeModel.on(cluster, opened, options, grid.ranks());
    }
}
