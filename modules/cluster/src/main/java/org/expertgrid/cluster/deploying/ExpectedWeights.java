package org.expertgrid.cluster.deploying;

import java.util.List;
import org.expertgrid.cluster.layout.MatrixRole;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.LinearWeights;

/** Compares the weights that somebody gives with the model that they are said to be of, before any of them is sent. */
final class ExpectedWeights {
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
