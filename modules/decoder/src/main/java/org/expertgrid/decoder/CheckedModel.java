package org.expertgrid.decoder;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.expertgrid.checkpoints.Checkpoint;
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
        Architecture architecture = architecture(checkpoint.config().file(), moeLayers);
        Problems problems = new Problems();
        DenseTensors.check(architecture, checkpoint.tensors(), problems);
        List<String> found = new ArrayList<>(problems.found());
        if (withExperts) {
            checkExperts(checkpoint, found);
        }
        throwIfAny(checkpoint.folder(), found);
        return architecture;
    }

    /**
     * Returns the architecture that a configuration describes.
     *
     * @param moeLayers the layers that have experts
     * @throws BadFileException if it cannot be run; names every problem
     */
    static Architecture architecture(Path config, List<Integer> moeLayers) {
        Problems problems = new Problems();
        Architecture architecture = ArchitectureReader.read(read(config), moeLayers::contains, problems);
        throwIfAny(config, problems.found());
        return architecture;
    }

    private static void checkExperts(Checkpoint checkpoint, List<String> found) {
        try {
            checkpoint.layers(checkpoint.moeLayers().moeLayers());
        } catch (BadFileException e) {
            found.add(e.getMessage());
        }
    }

    private static Map<String, Object> read(Path config) {
        try {
            return JSON.std.mapFrom(Files.readString(config));
        } catch (IOException e) {
            throw new BadFileException(config + ": cannot be read: " + e, e);
        }
    }

    private static void throwIfAny(Path path, List<String> problems) {
        if (!problems.isEmpty()) {
            throw new BadFileException(path + ": " + String.join("; ", problems));
        }
    }
}
