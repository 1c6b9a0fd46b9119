package org.expertgrid.cluster.deploying;

import java.util.List;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightMatrix;

/** Compares the weights of a deployment with its definition, before any of them is sent. */
final class ExpectedWeights {
    private static final System.Logger LOGGER = System.getLogger(ExpectedWeights.class.getName());

    private ExpectedWeights() {}

    /** @throws IllegalArgumentException if a router's sizes are not those of its layer */
    static void checkRouters(ModelDefinition model, ModelWeights weights) {
        Problems problems = new Problems();
        for (LayerDefinition layer : model.layers()) {
            weights.router(layer.index()).ifPresent(router -> check(problems, layer, router));
        }
        problems.throwIfAny();
    }

    private static void check(Problems problems, LayerDefinition layer, RouterWeights router) {
        int inputs = layer.shape().inputDim();
        int experts = layer.shape().experts();
        problems.expect(
                router.inputs() == inputs && router.experts() == experts,
                "router of layer " + layer.index(),
                router.inputs() + " x " + router.experts(),
                inputs + " x " + experts);
    }

    /** @throws IllegalArgumentException if sizes or formats of an expert's matrices are not those of the layer */
    static void checkExpert(LayerDefinition layer, int expert, List<LinearWeights> matrices) {
        List<ExpertMatrix> expected = layer.matrices(expert);
        String name = "layer " + layer.index() + ", expert " + expert;
        Problems problems = new Problems()
                .expect(matrices.size() == expected.size(), name, matrices.size(), expected.size() + " matrices");
        problems.throwIfAny();
        for (int m = 0; m < expected.size(); m++) {
            ExpertMatrix matrix = expected.get(m);
            LinearWeights given = matrices.get(m);
            WeightFormat format = layer.format(expert, matrix.role());
            boolean fits = given.inputs() == matrix.inputs()
                    && given.outputs() == matrix.outputs()
                    && given.weight().format() == format
                    && given.hasBias() == layer.shape().expert(expert).biases();
            problems.expect(
                    fits,
                    name + ", " + matrix.role().label(),
                    describe(given.weight().format(), given.inputs(), given.outputs(), given.hasBias()),
                    describe(
                            format,
                            matrix.inputs(),
                            matrix.outputs(),
                            layer.shape().expert(expert).biases()));
        }
        problems.throwIfAny();
    }

    private static String describe(WeightFormat format, int inputs, int outputs, boolean bias) {
        return format + " " + inputs + " x " + outputs + (bias ? " with a bias" : " without a bias");
    }

    /** Writes a warning to the log for each matrix of each router that has NaN or infinite elements. */
    static void warnOfNonFiniteRouters(String name, ModelDefinition model, ModelWeights weights) {
        for (LayerDefinition layer : model.layers()) {
            weights.router(layer.index()).ifPresent(router -> {
                String where = "layer " + layer.index() + ", router";
                warnOfNonFinite(
                        name,
                        where,
                        new LinearWeights(
                                router.weight(),
                                router.bias().to(router.weight().elementType())));
            });
        }
    }

    /** Writes a warning to the log for each of an expert's matrices that has NaN or infinite elements. */
    static void warnOfNonFinite(String name, LayerDefinition layer, int expert, List<LinearWeights> matrices) {
        for (int m = 0; m < matrices.size(); m++) {
            LinearWeights given = matrices.get(m);
            String where = "layer " + layer.index() + ", expert " + expert + ", "
                    + layer.roles(expert).get(m).label();
            warnOfNonFinite(name, where, given);
        }
    }

    private static void warnOfNonFinite(String name, String layer, LinearWeights given) {
        warn(name, layer + ", weight", given.weight().nonFinite(), (long) given.inputs() * given.outputs());
        if (given.hasBias()) {
            warn(name, layer + ", bias", WeightMatrix.of(given.bias()).nonFinite(), given.outputs());
        }
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
}
