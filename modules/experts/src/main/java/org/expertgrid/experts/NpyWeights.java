package org.expertgrid.experts;

import java.nio.file.Path;
import org.expertgrid.kernels.ElementType;

/** Weights in a directory of {@code .npy} files, an expert read when it is asked for. */
final class NpyWeights implements MoeWeights {
    private final Path directory;
    private final MoeShape shape;
    private final ElementType elementType;
    private final LinearWeights router;

    private NpyWeights(Path directory, MoeShape shape, ElementType elementType, LinearWeights router) {
        this.directory = directory;
        this.shape = shape;
        this.elementType = elementType;
        this.router = router;
    }

    /** Checks all headers against each other before anything is read. */
    static NpyWeights open(Path directory) {
        NpyHeader router = header(directory, "router.weight");
        NpyHeader fc1 = header(directory, "expert0.fc1.weight");
        NpyHeader fc2 = header(directory, "expert0.fc2.weight");
        ElementType type = router.elementType();
        MoeShape shape = new MoeShape(router.rows(), fc1.columns(), fc2.columns(), router.columns());
        check(directory, "router.bias", 1, shape.experts(), type);
        for (int e = 0; e < shape.experts(); e++) {
            check(directory, "expert" + e + ".fc1.weight", shape.inputDim(), shape.hiddenDim(), type);
            check(directory, "expert" + e + ".fc1.bias", 1, shape.hiddenDim(), type);
            check(directory, "expert" + e + ".fc2.weight", shape.hiddenDim(), shape.outputDim(), type);
            check(directory, "expert" + e + ".fc2.bias", 1, shape.outputDim(), type);
        }
        return new NpyWeights(directory, shape, type, linear(directory, "router"));
    }

    private static NpyHeader header(Path directory, String name) {
        return NpyHeader.read(file(directory, name));
    }

    private static void check(Path directory, String name, int rows, int columns, ElementType type) {
        NpyHeader header = header(directory, name);
        if (header.rows() != rows || header.columns() != columns || header.elementType() != type) {
            throw new BadFileException(file(directory, name) + ": " + header.elementType() + " " + header.rows() + " x "
                    + header.columns() + " (expected: " + type + " " + rows + " x " + columns
                    + ", as router.weight and expert0 have it)");
        }
    }

    private static LinearWeights linear(Path directory, String name) {
        return new LinearWeights(
                NpyFile.read(file(directory, name + ".weight")), NpyFile.read(file(directory, name + ".bias")));
    }

    private static Path file(Path directory, String name) {
        return directory.resolve(name + ".npy");
    }

    @Override
    public MoeShape shape() {
        return shape;
    }

    @Override
    public ElementType elementType() {
        return elementType;
    }

    @Override
    public LinearWeights router() {
        return router;
    }

    @Override
    public ExpertWeights expert(int expert) {
        return new ExpertWeights(
                linear(directory, "expert" + expert + ".fc1"), linear(directory, "expert" + expert + ".fc2"));
    }
}
