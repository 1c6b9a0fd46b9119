package org.expertgrid.benchmarks.kernels;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.expertgrid.benchmarks.peers.NumPy;
import org.expertgrid.benchmarks.report.Measurement;
import org.expertgrid.benchmarks.report.Rounds;
import org.expertgrid.benchmarks.report.Subject;
import org.expertgrid.checkpoints.npy.NpyFile;
import org.expertgrid.cli.local.TemporaryFolder;
import org.expertgrid.cli.output.WrongAnswerException;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.WeightMatrix;

/**
 * Multiplies the same matrices by kernels of Expertgrid and by NumPy, in turn, on one thread each.
 *
 * @param kernels the kernels; ratios are relative to the first
 * @param numPy whether NumPy is available
 * @param plan the plan of the measurement
 */
record ProductBench(List<Kernels> kernels, boolean numPy, Rounds.Plan plan) {
    /** NumPy adds in another order. In float32, a sum over 4,096 inputs differs by a quarter of one tolerance. */
    private static final int TOLERANCES = 10;

    /** Measures one shape, and passes each run to {@code done}. */
    void measure(ProductShape shape, ElementType element, Consumer<ProductRun> done) {
        Matrix x = Product.draw(shape.rows(), shape.inputs(), element);
        Matrix weight = Product.draw(shape.inputs(), shape.outputs(), element);
        Matrix bias = Product.draw(1, shape.outputs(), element);
        WeightMatrix stored = WeightMatrix.of(weight);
        int copies = Product.copies(stored);
        List<Subject> subjects = new ArrayList<>();
        Matrix reference = null;
        for (Kernels own : kernels) {
            Product product = new Product(own, x, stored, bias, copies);
            subjects.add(Subject.of(own.name(), product::multiply));
            product.multiply(0);
            reference = reference == null ? product.result() : reference;
            compare(own.name(), product.result(), reference);
        }
        if (!numPy) {
            measure(subjects, shape, element, done);
            return;
        }
        try (TemporaryFolder folder = TemporaryFolder.create();
                NumPy process = NumPy.start("product.py", 1)) {
            write(folder.path(), x, weight, bias);
            process.ask("load %s %d", folder.path(), copies);
            process.ask("rows %d", shape.rows());
            Path result = folder.path().resolve("result.npy");
            process.ask("result %s", result);
            compare("numpy", NpyFile.read(result), reference);
            subjects.add(new NumPyProduct(process));
            measure(subjects, shape, element, done);
        }
    }

    private void measure(List<Subject> subjects, ProductShape shape, ElementType element, Consumer<ProductRun> done) {
        List<Measurement> measured = Rounds.measure(subjects, plan);
        double ours = measured.get(0).times().medianMillis();
        measured.forEach(one -> done.accept(new ProductRun(one.name(), element, shape, one.times(), ours)));
    }

    private record NumPyProduct(NumPy process) implements Subject {
        @Override
        public String name() {
            return "numpy";
        }

        @Override
        public long call(int number) {
            return Long.parseLong(process.ask("time %d", number));
        }
    }

    private static void write(Path folder, Matrix x, Matrix weight, Matrix bias) {
        NpyFile.write(folder.resolve("rows.npy"), x);
        NpyFile.write(folder.resolve("weight.npy"), weight);
        NpyFile.write(folder.resolve("bias.npy"), bias);
    }

    private static void compare(String name, Matrix result, Matrix reference) {
        double allowed = TOLERANCES * Agreement.tolerance(reference.elementType());
        double difference = Agreement.ofScale(result, reference);
        if (!(difference <= allowed)) {
            throw new WrongAnswerException(
                    name + ": differs from ours by " + difference + " of scale (expected: at most " + allowed + ")");
        }
    }
}
