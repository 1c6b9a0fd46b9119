package org.expertgrid.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.expertgrid.checkpoints.npy.NpyFile;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.seed.SeedExercise;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.kernels.Matrix;
import picocli.CommandLine.Option;

/** The options for files of a forward pass: input rows, and the results that are saved. */
public final class ForwardFiles {
    @Option(
            names = "--input",
            paramLabel = "X.npy",
            description = "Rows to use instead of random ones, of either element type: [rows, in].")
    private Path input;

    @Option(names = "--save-input", paramLabel = "F.npy", description = "Where to write the rows.")
    private Path saveInput;

    @Option(names = "--save-output", paramLabel = "F.npy", description = "Where to write the result.")
    private Path saveOutput;

    @Option(
            names = "--save-routing",
            paramLabel = "F.json",
            description = "Where to write the routing: indices and gates, a list for each row.")
    private Path saveRouting;

    /** Throws the problems of the files that can be detected before the command starts anything. */
    public void check() {
        Problems problems = new Problems();
        checkWritable(problems, "--save-input", saveInput);
        checkWritable(problems, "--save-output", saveOutput);
        checkWritable(problems, "--save-routing", saveRouting);
        problems.throwIfAny();
    }

    private static void checkWritable(Problems problems, String option, Path file) {
        problems.expect(
                file == null || Files.isDirectory(file.toAbsolutePath().getParent()) && !Files.isDirectory(file),
                option,
                file,
                "a file in an existing folder");
    }

    /** Returns the rows of the file in the model's element type, or the seed's rows without a file. */
    public Matrix rows(SeedExercise.Parameters model, ShapeOptions options, NamedRandomStates states) {
        if (input == null) {
            return model.rows(states);
        }
        Matrix rows = NpyFile.read(input);
        Problems problems = new Problems();
        problems.expect(
                rows.columns() == model.featureDim(),
                input + ": columns",
                rows.columns(),
                model.featureDim() + ", the model's input width");
        options.checkGiven(problems, "--batch", rows.rows(), input.toString());
        problems.throwIfAny();
        return rows.to(model.elementType());
    }

    /**
     * Writes the files that the options name.
     *
     * @throws ExpertgridException if a file cannot be written. That is no bad input, because the results have been computed
     */
    public void save(Matrix x, Matrix y, TensorParallelMoe model) {
        try {
            write(saveInput, x);
            write(saveOutput, y);
        } catch (BadFileException e) {
            throw new ExpertgridException(e.getMessage(), e);
        }
        if (saveRouting != null) {
            write(saveRouting, model.route(x));
        }
    }

    /** Returns the files that {@link #save} writes. */
    public List<Path> saved() {
        return Stream.of(saveInput, saveOutput, saveRouting)
                .filter(Objects::nonNull)
                .toList();
    }

    private static void write(Path file, Matrix matrix) {
        if (file != null) {
            NpyFile.write(file, matrix);
        }
    }

    private static void write(Path file, Routing routing) {
        int[][] indices = new int[routing.rows()][routing.topK()];
        double[][] gates = new double[routing.rows()][routing.topK()];
        for (int row = 0; row < routing.rows(); row++) {
            for (int k = 0; k < routing.topK(); k++) {
                indices[row][k] = routing.index(row, k);
                gates[row][k] = routing.gate(row, k);
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("indices", indices);
        json.put("gates", gates);
        try {
            Files.writeString(file, Output.toJson(json));
        } catch (IOException e) {
            throw new ExpertgridException(file + ": cannot be written: " + e, e);
        }
    }
}
