package org.expertgrid.decoder;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.config.Config;
import org.expertgrid.decoder.architecture.Architecture;
import org.expertgrid.decoder.architecture.ArchitectureReader;
import org.expertgrid.decoder.dense.DenseTensors;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.Problems;

/** Compares a checkpoint's configuration with what can be run, and its tensors with its configuration. */
final class CheckedModel {
    private CheckedModel() {}

    /**
     * Returns the architecture of a checkpoint that can be run.
     *
     * @param withExperts whether the tensors of the experts are needed too
     * @throws BadFileException if it cannot be; names every problem
     */
    static Architecture of(Checkpoint checkpoint, boolean withExperts) {
        List<Integer> moeLayers = checkpoint.moeLayers().moeLayers();
        Architecture architecture = architecture(checkpoint.config(), moeLayers);
        Problems problems = new Problems();
        DenseTensors.check(architecture, checkpoint.tensors(), problems);
        List<String> found = new ArrayList<>(problems.found());
        if (withExperts) {
            checkExperts(checkpoint, found);
        }
        if (!found.isEmpty()) {
            throw new BadFileException(checkpoint.folder() + ": " + String.join("; ", found));
        }
        return architecture;
    }

    /**
     * Returns the architecture that a configuration describes.
     *
     * @param moeLayers the layers that have experts
     * @throws BadFileException if it cannot be run; names every problem
     */
    static Architecture architecture(Config config, List<Integer> moeLayers) {
        return ArchitectureReader.read(config, moeLayers::contains);
    }

    private static void checkExperts(Checkpoint checkpoint, List<String> found) {
        try {
            checkpoint.layers(checkpoint.moeLayers().moeLayers());
        } catch (BadFileException e) {
            found.add(e.getMessage());
        }
    }
}
