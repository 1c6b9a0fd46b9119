package org.expertgrid.experts.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.expertgrid.experts.Examples;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.GateFunction;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.routing.ScoreFunction;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MatrixRole;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedActivation;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.Narrowing;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Plain and gated experts, with and without biases, shared ones, gates on either side, and weights in few bits. */
class ExpertKindsTest {
    private static final ExecutorService POOL = Executors.newSingleThreadExecutor();
    private static final int ROWS = 130;

    private final SplittableRandom random = Examples.random(81);

    @AfterAll
    static void stopThreads() {
        POOL.shutdown();
    }

    /** Layers that differ in everything that a layer can differ in. */
    static Stream<Arguments> layers() {
        ExpertShape plain = ExpertShape.plain(17, 21, 17, Activation.GELU, false);
        ExpertShape swiglu = ExpertShape.gated(17, 21, 17, GatedActivation.SWIGLU, false);
        ExpertShape clamped = ExpertShape.gated(17, 21, 17, GatedActivation.CLAMPED_SWIGLU, true);
        ExpertShape wide = ExpertShape.gated(17, 35, 17, GatedActivation.SWIGLU, false);
        RouterRule input = RouterRule.of(1, ScoreFunction.LOGIT)
                .withGates(GateFunction.SIGMOID)
                .withGateOn(GateOn.INPUT);
        return Stream.of(
                        Arguments.of(new MoeShape(plain, 5, List.of()), RouterRule.seed(2)),
                        Arguments.of(new MoeShape(swiglu, 5, List.of()), RouterRule.seed(2)),
                        Arguments.of(new MoeShape(clamped, 5, List.of()), RouterRule.seed(3)),
                        Arguments.of(
                                new MoeShape(swiglu, 5, List.of(wide)),
                                RouterRule.seed(1).withSharedExperts(1)),
                        Arguments.of(new MoeShape(swiglu, 5, List.of(swiglu)), input.withSharedExperts(1)))
                .flatMap(arguments -> Stream.of(ElementType.values())
                        .map(type -> Arguments.of(arguments.get()[0], arguments.get()[1], type)));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void everyLayerIsTheSumOfItsExpertsByTheDefinition(MoeShape shape, RouterRule rule, ElementType type) {
        MoeWeights weights = Examples.weights(shape, rule, type, random);
        Matrix x = Examples.rows(type, ROWS, 17, random);
        Matrix expected = byDefinition(weights, x);
        for (Kernels kernels : Examples.kernels()) {
            Layer simple = new SimpleMoe(weights, kernels);
            Layer batched = new BatchedMoe(weights, kernels, ThreadTeam.of(POOL, 2));
            for (Layer layer : List.of(simple, batched)) {
                assertThat(Agreement.ofScale(layer.forward(x), expected))
                        .as("%s, %s", layer.getClass().getSimpleName(), kernels.name())
                        .isLessThanOrEqualTo(Agreement.tolerance(type));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aRowHasTheSameBitsAloneAsInABatch(MoeShape shape, RouterRule rule, ElementType type) {
        MoeWeights weights = Examples.weights(shape, rule, type, random);
        Matrix x = Examples.rows(type, 40, 17, random);
        BatchedMoe layer = new BatchedMoe(weights, KernelsChoice.best(), ThreadTeam.of(POOL, 2));
        Matrix batch = layer.forward(x);
        for (int row = 0; row < x.rows(); row++) {
            Examples.assertSameBits(
                    layer.forward(x.rowRange(row, row + 1)), batch.rowRange(row, row + 1), "row " + row);
        }
    }

    /** The layer in plain loops over float64. */
    private static Matrix byDefinition(MoeWeights weights, Matrix x) {
        MoeShape shape = weights.shape();
        Routing routing = new Router(weights.router(), weights.rule()).route(x);
        boolean onInput = weights.rule().gateOn() == GateOn.INPUT;
        double[] y = new double[x.rows() * shape.outputDim()];
        for (int e = 0; e < shape.allExperts(); e++) {
            GatedRows gated = routing.expert(e);
            for (int i = 0; i < gated.count(); i++) {
                double[] row = x.rowRange(gated.rows()[i], gated.rows()[i] + 1).toDoubleArray();
                double gate = gated.gates()[i];
                double[] output = expert(weights.expert(e), onInput ? times(row, gate) : row);
                double[] gatedOutput = onInput ? output : times(output, gate);
                for (int column = 0; column < gatedOutput.length; column++) {
                    y[gated.rows()[i] * shape.outputDim() + column] += gatedOutput[column];
                }
            }
        }
        return Matrix.wrap(x.rows(), shape.outputDim(), y);
    }

    private static double[] expert(ExpertWeights weights, double[] row) {
        ExpertShape shape = weights.shape();
        if (shape.gating().isEmpty()) {
            double[] hidden = linear(weights.fc1(), row);
            for (int i = 0; i < hidden.length; i++) {
                hidden[i] = shape.activation().apply(hidden[i]);
            }
            return linear(weights.fc2(), hidden);
        }
        double[] gate = linear(weights.matrix(MatrixRole.GATE), row);
        double[] up = linear(weights.matrix(MatrixRole.UP), row);
        for (int i = 0; i < gate.length; i++) {
            gate[i] = shape.gating().get().apply(gate[i], up[i]);
        }
        return linear(weights.matrix(MatrixRole.DOWN), gate);
    }

    private static double[] linear(LinearWeights weights, double[] row) {
        Matrix weight = weights.weight().toMatrix();
        double[] y = new double[weights.outputs()];
        for (int column = 0; column < y.length; column++) {
            for (int k = 0; k < row.length; k++) {
                y[column] += row[k] * weight.get(k, column);
            }
            y[column] += weights.hasBias() ? weights.bias().get(0, column) : 0;
        }
        return y;
    }

    private static double[] times(double[] row, double factor) {
        double[] product = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            product[i] = row[i] * factor;
        }
        return product;
    }

    /** What is narrowed is another weight; computing with it must give what computing with its float32 numbers gives. */
    @ParameterizedTest
    @EnumSource(names = {"BF16", "INT8", "INT4"})
    void weightsInFewBitsGiveTheBitsOfTheirFloat32Numbers(WeightFormat format) {
        ExpertShape shape = ExpertShape.gated(48, 40, 48, GatedActivation.SWIGLU, true);
        MoeWeights weights = Examples.weights(new MoeShape(shape, 4, List.of()), ElementType.FLOAT32, random);
        List<ExpertWeights> narrowed = new ArrayList<>();
        List<ExpertWeights> widened = new ArrayList<>();
        for (int e = 0; e < 4; e++) {
            List<LinearWeights> narrow = weights.expert(e).matrices().stream()
                    .map(matrix -> new LinearWeights(
                            Narrowing.of(matrix.weight(), format).weight(), matrix.bias()))
                    .toList();
            narrowed.add(new ExpertWeights(shape, narrow));
            widened.add(new ExpertWeights(
                    shape,
                    narrow.stream()
                            .map(matrix -> new LinearWeights(matrix.weight().toMatrix(), matrix.bias()))
                            .toList()));
        }
        Matrix x = Examples.rows(ElementType.FLOAT32, 60, 48, random);
        for (Kernels kernels : Examples.kernels()) {
            Matrix stored = layer(weights, narrowed, kernels).forward(x);
            Examples.assertSameBits(stored, layer(weights, widened, kernels).forward(x), kernels.name());
        }
    }

    private static BatchedMoe layer(MoeWeights weights, List<ExpertWeights> experts, Kernels kernels) {
        MoeWeights others = MoeWeights.of(RouterRule.seed(2), weights.router(), experts);
        return new BatchedMoe(others, kernels, ThreadTeam.of(POOL, 2));
    }

    @Test
    void randomWeightsHaveTheMatricesOfTheirShapeInOrder() {
        ExpertShape gated = ExpertShape.gated(3, 4, 3, GatedActivation.SWIGLU, false);
        ExpertShape shared = ExpertShape.plain(3, 5, 3, Activation.RELU, true);
        MoeShape shape = new MoeShape(gated, 2, List.of(shared));
        MoeWeights weights = MoeWeights.random(shape, ElementType.FLOAT64, new NamedRandomStates())
                .inMemory();
        assertThat(weights.rule()).isEqualTo(RouterRule.seed(1).withSharedExperts(1));
        assertThat(weights.expert(1).shape()).isEqualTo(gated);
        assertThat(weights.expert(2).shape()).isEqualTo(shared);
        assertThat(weights.expert(2).fc1().hasBias()).isTrue();
        assertThat(weights.format(0, MatrixRole.UP)).isEqualTo(WeightFormat.FLOAT64);
        // The first draws of both generators are the same, as both begin with seed 0.
        assertThat(weights.expert(0).matrix(MatrixRole.GATE).weight().toMatrix().get(0, 0))
                .isEqualTo(weights.router().weight().get(0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights.expert(0).fc1())
                .withMessage("role: FC1 (expected: one of [GATE, UP, DOWN])");
    }

    @Test
    void expertsThatDoNotFitARuleAreRefused() {
        MoeWeights weights = Examples.weights(new MoeShape(3, 4, 5, 2), ElementType.FLOAT64, random);
        List<ExpertWeights> experts = List.of(weights.expert(0), weights.expert(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MoeWeights.of(RouterRule.seed(1).withSharedExperts(2), weights.router(), experts))
                .withMessage("experts: 2 (expected: at least 1 besides 2 shared ones)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MoeWeights.of(RouterRule.seed(1).withSharedExperts(1), weights.router(), experts))
                .withMessage("router.experts: 2 (expected: one for each of 1 experts)");
    }

    @ParameterizedTest
    @EnumSource
    void theCodesOfMatrixRolesNeverChange(MatrixRole role) {
        assertThat(role.code())
                .isEqualTo(
                        switch (role) {
                            case FC1 -> 1;
                            case FC2 -> 2;
                            case GATE -> 3;
                            case UP -> 4;
                            case DOWN -> 5;
                        });
        assertThat(MatrixRole.ofCode(role.code())).isEqualTo(role);
    }
}
