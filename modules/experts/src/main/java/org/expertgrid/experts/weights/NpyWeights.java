package org.expertgrid.experts.weights;

import java.nio.file.Path;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.npy.NpyFile;
import org.expertgrid.experts.npy.NpyHeader;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/** Weights in a directory of {@code .npy} files, an expert read when it is asked for. */
final class NpyWeights implements MoeWeights {
    private final Path directory;
    private final MoeShape shape;
    private final ElementType elementType;
    private final RouterWeights router;

    /** Checks all headers against each other before anything is read. */
    private NpyWeights(Path directory) {
        this.directory = directory;
        NpyHeader routerWeight = notEmpty("router.weight");
        NpyHeader fc1 = notEmpty("expert0.fc1.weight");
        NpyHeader fc2 = notEmpty("expert0.fc2.weight");
        shape = new MoeShape(routerWeight.rows(), fc1.columns(), fc2.columns(), routerWeight.columns());
        elementType = routerWeight.elementType();
        checkHeaders("router", shape.inputDim(), shape.experts());
        for (int e = 0; e < shape.experts(); e++) {
            checkHeaders("expert" + e + ".fc1", shape.inputDim(), shape.hiddenDim());
            checkHeaders("expert" + e + ".fc2", shape.hiddenDim(), shape.outputDim());
        }
        LinearWeights read = read("router", shape.inputDim(), shape.experts());
        router = new RouterWeights(read.weight(), read.bias());
    }

    static NpyWeights open(Path directory) {
        return new NpyWeights(directory);
    }

    private NpyHeader notEmpty(String name) {
        NpyHeader header = NpyHeader.read(file(name));
        if (header.rows() == 0 || header.columns() == 0) {
            throw new BadFileException(file(name) + ": " + header.elementType() + " " + header.rows() + " x "
                    + header.columns() + " (expected: at least one row and one column)");
        }
        return header;
    }

    private void checkHeaders(String name, int inputs, int outputs) {
        NpyHeader weight = NpyHeader.read(file(name + ".weight"));
        check(name + ".weight", weight.elementType(), weight.rows(), weight.columns(), inputs, outputs);
        NpyHeader bias = NpyHeader.read(file(name + ".bias"));
        check(name + ".bias", bias.elementType(), bias.rows(), bias.columns(), 1, outputs);
    }

    /** Checks again what is read: a file may have changed since its header was. */
    private LinearWeights read(String name, int inputs, int outputs) {
        Matrix weight = NpyFile.read(file(name + ".weight"));
        check(name + ".weight", weight.elementType(), weight.rows(), weight.columns(), inputs, outputs);
        Matrix bias = NpyFile.read(file(name + ".bias"));
        check(name + ".bias", bias.elementType(), bias.rows(), bias.columns(), 1, outputs);
        return new LinearWeights(weight, bias);
    }

    private void check(String name, ElementType type, int rows, int columns, int expectedRows, int expectedColumns) {
        if (type != elementType || rows != expectedRows || columns != expectedColumns) {
            throw new BadFileException(file(name) + ": " + type + " " + rows + " x " + columns + " (expected: "
                    + elementType + " " + expectedRows + " x " + expectedColumns
                    + ", as router.weight and expert0 have it)");
        }
    }

    private Path file(String name) {
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
    public RouterWeights router() {
        return router;
    }

    @Override
    public ExpertWeights expert(int expert) {
        shape.checkExpert(expert);
        return new ExpertWeights(
                read("expert" + expert + ".fc1", shape.inputDim(), shape.hiddenDim()),
                read("expert" + expert + ".fc2", shape.hiddenDim(), shape.outputDim()));
    }
}
