package org.expertgrid.checkpoints.npy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.WeightFormat;

/**
 * The weights of a layer of plain experts in a directory of {@code .npy} files: {@code router.weight.npy}, {@code router.bias.npy},
 * {@code expert0.fc1.weight.npy}, {@code expert0.fc1.bias.npy}, {@code expert0.fc2.weight.npy}, … A weight is {@code [in, out]}; PyTorch
 * keeps it the other way round. The router may lack its bias; experts have all their biases or none. All files have one type; float16 is
 * computed as float32.
 *
 * <p>All headers are checked against each other when the directory is opened. The files of an expert are read when it is asked for.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class NpyWeights implements MoeWeights {
    private static final Pattern FILE_OF_EXPERT = Pattern.compile("expert(\\d{1,18})\\.fc[12]\\.(weight|bias)\\.npy");
    private static final int MOST_PROBLEMS_TOLD = 20;

    private final Path directory;
    private final MoeShape shape;
    private final WeightFormat format;
    private final RouterWeights router;

    private NpyWeights(Path directory, MoeShape shape, WeightFormat format, RouterWeights router) {
        this.directory = directory;
        this.shape = shape;
        this.format = format;
        this.router = router;
    }

    /**
     * Opens a directory.
     *
     * @throws BadFileException if a file is missing, unreadable, of a shape or type that does not fit the others, or of an expert that the
     *     router does not know; names every problem
     */
    public static NpyWeights open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new BadFileException(directory + ": no such folder");
        }
        List<Path> filesOfExperts = filesOfExperts(directory);
        Headers headers = new Headers(directory);
        MoeShape shape = headers.shape(filesOfExperts.stream()
                .anyMatch(file -> file.getFileName().toString().endsWith(".bias.npy")));
        headers.check(shape);
        headers.refuseExpertsFrom(shape.experts(), filesOfExperts);
        headers.throwIfAny();
        Matrix weight = headers.read("router.weight", shape.inputDim(), shape.experts());
        RouterWeights router = headers.has("router.bias")
                ? new RouterWeights(weight, headers.read("router.bias", 1, shape.experts()))
                : new RouterWeights(weight);
        return new NpyWeights(directory, shape, headers.format, router);
    }

    private static List<Path> filesOfExperts(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> FILE_OF_EXPERT
                            .matcher(file.getFileName().toString())
                            .matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new BadFileException(directory + ": cannot be read: " + e, e);
        }
    }

    @Override
    public MoeShape shape() {
        return shape;
    }

    @Override
    public ElementType elementType() {
        return format.computedIn();
    }

    @Override
    public RouterRule rule() {
        return RouterRule.seed(1);
    }

    @Override
    public RouterWeights router() {
        return router;
    }

    @Override
    public ExpertWeights expert(int expert) {
        ExpertShape ofExpert = shape.expert(expert);
        // Headers are checked again as they are read: a file may have changed since.
        Headers headers = new Headers(directory, format);
        List<LinearWeights> matrices = new ArrayList<>();
        for (ExpertMatrix matrix : ofExpert.matrices()) {
            String name = "expert" + expert + "." + matrix.role().label();
            matrices.add(new LinearWeights(
                    headers.read(name + ".weight", matrix.inputs(), matrix.outputs()),
                    ofExpert.biases() ? headers.read(name + ".bias", 1, matrix.outputs()) : null));
        }
        return new ExpertWeights(ofExpert, matrices);
    }

    /** The files of a directory, and what is wrong with them. */
    private static final class Headers {
        private final Path directory;
        private final List<String> problems = new ArrayList<>();
        private WeightFormat format;

        Headers(Path directory) {
            this.directory = directory;
        }

        Headers(Path directory, WeightFormat format) {
            this.directory = directory;
            this.format = format;
        }

        private Path file(String name) {
            return directory.resolve(name + ".npy");
        }

        boolean has(String name) {
            return Files.exists(file(name));
        }

        /** Returns the shape that the router and the first expert have; throws where it cannot be told. */
        MoeShape shape(boolean biases) {
            NpyHeader weight = first("router.weight");
            NpyHeader fc1 = first("expert0.fc1.weight");
            NpyHeader fc2 = first("expert0.fc2.weight");
            throwIfAny();
            format = weight.format();
            ExpertShape expert =
                    ExpertShape.plain(weight.rows(), fc1.columns(), fc2.columns(), Activation.RELU, biases);
            return new MoeShape(expert, weight.columns(), List.of());
        }

        private NpyHeader first(String name) {
            try {
                NpyHeader header = NpyHeader.read(file(name));
                if (header.dimensions() != 2 || header.rows() == 0 || header.columns() == 0) {
                    problems.add(file(name) + ": " + described(header)
                            + " (expected: two dimensions, [in, out], of at least one each)");
                }
                return header;
            } catch (BadFileException e) {
                problems.add(e.getMessage());
                return null;
            }
        }

        void check(MoeShape shape) {
            check("router.weight", 2, shape.inputDim(), shape.experts());
            if (has("router.bias")) {
                check("router.bias", 1, 1, shape.experts());
            }
            for (int e = 0; e < shape.experts() && problems.size() < MOST_PROBLEMS_TOLD; e++) {
                for (ExpertMatrix matrix : shape.expert().matrices()) {
                    String name = "expert" + e + "." + matrix.role().label();
                    check(name + ".weight", 2, matrix.inputs(), matrix.outputs());
                    if (shape.expert().biases()) {
                        check(name + ".bias", 1, 1, matrix.outputs());
                    }
                }
            }
        }

        private void check(String name, int fewestDimensions, int rows, int columns) {
            try {
                NpyHeader header = NpyHeader.read(file(name));
                boolean fits = header.format() == format
                        && header.dimensions() >= fewestDimensions
                        && header.rows() == rows
                        && header.columns() == columns;
                if (!fits) {
                    problems.add(file(name) + ": " + described(header) + " (expected: " + format + " " + rows + " x "
                            + columns + ", as router.weight and expert0 have it)");
                }
            } catch (BadFileException e) {
                problems.add(e.getMessage());
            }
        }

        private static String described(NpyHeader header) {
            return header.dimensions() == 1
                    ? header.format() + " (" + header.columns() + ",)"
                    : header.format() + " " + header.rows() + " x " + header.columns();
        }

        void refuseExpertsFrom(int experts, List<Path> files) {
            for (Path file : files) {
                Matcher name = FILE_OF_EXPERT.matcher(file.getFileName().toString());
                if (name.matches() && Long.parseLong(name.group(1)) >= experts) {
                    problems.add(file + ": of expert " + name.group(1) + " (expected: experts 0 to " + (experts - 1)
                            + ", as router.weight has " + experts + " columns)");
                }
            }
        }

        void throwIfAny() {
            if (!problems.isEmpty()) {
                int told = Math.min(problems.size(), MOST_PROBLEMS_TOLD);
                int more = problems.size() - told;
                throw new BadFileException(
                        String.join("; ", problems.subList(0, told)) + (more > 0 ? "; and " + more + " more" : ""));
            }
        }

        Matrix read(String name, int rows, int columns) {
            check(name, 1, rows, columns);
            throwIfAny();
            Matrix matrix = NpyFile.read(file(name));
            if (matrix.rows() != rows || matrix.columns() != columns || matrix.elementType() != format.computedIn()) {
                throw new BadFileException(file(name) + ": changed while it was read");
            }
            return matrix;
        }
    }
}
