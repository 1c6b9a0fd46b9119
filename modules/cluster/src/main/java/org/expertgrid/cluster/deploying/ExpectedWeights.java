package org.expertgrid.cluster.deploying;

import java.util.List;
import org.expertgrid.cluster.layout.MatrixRole;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.Matrix;

/** Compares the weights that are given with the model's definition, before any of them is sent. */
final class ExpectedWeights {
    private static final System.Logger LOGGER = System.getLogger(ExpectedWeights.class.getName());

    /** Stored weights are widened a few rows at a time to look at them. */
    private static final int ROWS_WIDENED = 64;

    private ExpectedWeights() {}

    /** @throws IllegalArgumentException if the router's sizes or element type are not those of the model */
    static void checkRouter(ModelDefinition model) {
        if (model.router() != null) {
            Problems problems = new Problems();
            expect(
                    problems,
                    "router",
                    model.router(),
                    model,
                    model.shape().inputDim(),
                    model.shape().experts());
            problems.throwIfAny();
        }
    }

    /** @throws IllegalArgumentException if sizes or element types of an expert's layers are not those of the model */
    static void checkLayers(ModelDefinition model, int expert, List<LinearWeights> layers) {
        List<MatrixRole> matrices = model.kind().matrices();
        Problems problems = new Problems();
        for (int m = 0; m < matrices.size(); m++) {
            MatrixRole matrix = matrices.get(m);
            String name = "expert " + expert + ", " + matrix;
            expect(problems, name, layers.get(m), model, model.inputs(matrix), model.outputs(matrix));
        }
        problems.throwIfAny();
    }

    /** Writes a warning to the log for each of the router's matrices that has NaN or infinite elements. */
    static void warnOfNonFiniteRouter(String name, ModelDefinition model) {
        if (model.router() != null) {
            warnOfNonFinite(name, "router", model.router());
        }
    }

    /** Writes a warning to the log for each of an expert's matrices that has NaN or infinite elements. */
    static void warnOfNonFinite(String name, ModelDefinition model, int expert, List<LinearWeights> layers) {
        List<MatrixRole> matrices = model.kind().matrices();
        for (int m = 0; m < matrices.size(); m++) {
            warnOfNonFinite(name, "expert " + expert + ", " + matrices.get(m), layers.get(m));
        }
    }

    private static void warnOfNonFinite(String name, String layer, LinearWeights given) {
        long ofWeight = 0;
        for (int row = 0; row < given.inputs(); row += ROWS_WIDENED) {
            int to = Math.min(row + ROWS_WIDENED, given.inputs());
            ofWeight += nonFinite(given.weight().rowRange(row, to).toMatrix());
        }
        warn(name, layer + ", weight", ofWeight, (long) given.inputs() * given.outputs());
        if (given.hasBias()) {
            warn(name, layer + ", bias", nonFinite(given.bias()), given.outputs());
        }
    }

    private static long nonFinite(Matrix matrix) {
        double[] row = new double[matrix.columns()];
        long found = 0;
        for (int r = 0; r < matrix.rows(); r++) {
            matrix.copyRow(r, row);
            for (double element : row) {
                found += Double.isFinite(element) ? 0 : 1;
            }
        }
        return found;
    }

    private static void warn(String name, String matrix, long found, long elements) {
        if (found > 0) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "model '" + name + "', " + matrix + ": " + found + " of " + elements
                            + " elements are NaN or infinite (expected: finite weights; check the program that wrote"
                            + " them)");
        }
    }

    private static void expect(
            Problems problems, String name, LinearWeights given, ModelDefinition model, int inputs, int outputs) {
        boolean fits =
                given.inputs() == inputs && given.outputs() == outputs && given.elementType() == model.elementType();
        problems.expect(
                fits,
                name,
                given.elementType() + " " + given.inputs() + " x " + given.outputs(),
                model.elementType() + " " + inputs + " x " + outputs);
    }
}
