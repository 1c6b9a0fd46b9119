package org.expertgrid.experts.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.expertgrid.experts.Examples;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GatedExpertsTest {
    private static final ElementType FLOAT64 = ElementType.FLOAT64;
    private static final MoeShape SHAPE = new MoeShape(9, 14, 11, 3);
    private static final ExecutorService POOL = Executors.newSingleThreadExecutor();

    private final SplittableRandom random = Examples.random(71);
    private final GatedExperts pass = new GatedExperts(KernelsChoice.best(), ThreadTeam.of(POOL, 2));

    @AfterAll
    static void stopThreads() {
        POOL.shutdown();
    }

    private static List<PackedExpert> packed(MoeWeights weights, Kernels kernels) {
        return IntStream.range(0, weights.shape().experts())
                .mapToObj(e -> PackedExpert.of(weights.expert(e)))
                .toList();
    }

    private static GatedRows rows(int... rows) {
        return new GatedRows(rows, IntStream.of(rows).mapToDouble(row -> 1).toArray());
    }

    /** Models of several shapes and both element types pass through one object, as they do on a member. */
    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.Examples#kernelsAndTypes")
    void oneObjectServesModelsOfAnyShapeInTurn(Kernels kernels, ElementType type) {
        ElementType other = type == FLOAT64 ? ElementType.FLOAT32 : FLOAT64;
        GatedExperts shared = new GatedExperts(kernels, ThreadTeam.of(POOL, 2));
        for (int call = 0; call < 25; call++) {
            MoeShape shape = new MoeShape(
                    1 + random.nextInt(40), 1 + random.nextInt(40), 1 + random.nextInt(40), 1 + random.nextInt(5));
            ElementType typeOfCall = call % 3 == 2 ? other : type;
            MoeWeights weights = Examples.weights(shape, typeOfCall, random);
            Matrix x = call % 4 == 1
                    ? Examples.full(typeOfCall, 120, shape.inputDim(), Double.NaN)
                    : Examples.rows(typeOfCall, random.nextInt(120), shape.inputDim(), random);
            List<GatedRows> rows =
                    new Router(weights.router(), RouterRule.seed(2)).route(x).byExpert();
            Examples.assertSameBits(
                    shared.forward(x, rows, packed(weights, kernels), GateOn.OUTPUT),
                    new SimpleMoe(weights, 2, kernels).forward(x),
                    "call " + call + ", " + shape);
        }
    }

    @Test
    void aRowThatNoExpertTakesIsZero() {
        MoeWeights weights = Examples.weights(SHAPE, FLOAT64, random);
        Matrix x = Examples.rows(FLOAT64, 300, SHAPE.inputDim(), random);
        Matrix zeros = Matrix.zeros(FLOAT64, 300, SHAPE.outputDim());
        List<PackedExpert> experts = packed(weights, KernelsChoice.best());
        assertThat(pass.forward(x, List.of(rows(), rows(), rows()), experts, GateOn.OUTPUT))
                .isEqualTo(zeros);
        Matrix y = pass.forward(x, List.of(rows(), rows(299), rows()), experts, GateOn.OUTPUT);
        assertThat(y.rowRange(0, 299)).isEqualTo(zeros.rowRange(0, 299));
        assertThat(y.rowRange(299, 300))
                .isEqualTo(Expert.of(weights.expert(1), KernelsChoice.best()).forward(x.rowRange(299, 300)));
    }

    @Test
    void aGateIsAFactorAndExpertsAreAdded() {
        MoeWeights weights = Examples.weights(SHAPE, FLOAT64, random);
        Matrix x = Examples.rows(FLOAT64, 1, SHAPE.inputDim(), random);
        GatedRows half = new GatedRows(new int[] {0}, new double[] {0.5});
        GatedRows twice = new GatedRows(new int[] {0}, new double[] {-2});
        Matrix y = pass.forward(x, List.of(half, rows(), twice), packed(weights, KernelsChoice.best()), GateOn.OUTPUT);
        Matrix first = Expert.of(weights.expert(0), KernelsChoice.best()).forward(x);
        Matrix last = Expert.of(weights.expert(2), KernelsChoice.best()).forward(x);
        for (int column = 0; column < SHAPE.outputDim(); column++) {
            assertThat(y.get(0, column)).isEqualTo(0.5 * first.get(0, column) + -2 * last.get(0, column));
        }
    }

    @Test
    void rowsOfMoreOrFewerExpertsThanThereAreAreRefused() {
        List<PackedExpert> experts = packed(Examples.weights(SHAPE, FLOAT64, random), KernelsChoice.best());
        Matrix x = Examples.rows(FLOAT64, 2, SHAPE.inputDim(), random);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pass.forward(x, List.of(rows(0), rows(), rows(), rows(1)), experts, GateOn.OUTPUT))
                .withMessage("rows: of 4 experts (expected: of 3 experts)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pass.forward(x, List.of(rows(0)), experts, GateOn.OUTPUT))
                .withMessage("rows: of 1 experts (expected: of 3 experts)");
    }

    @Test
    void thereIsAtLeastOneExpert() {
        Matrix x = Examples.rows(FLOAT64, 2, SHAPE.inputDim(), random);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pass.forward(x, List.of(), List.of(), GateOn.OUTPUT))
                .withMessage("experts: 0 (expected: at least 1)");
    }

    @Test
    void rowsThatTheBatchDoesNotHaveAndWrongMatricesAreRefused() {
        List<PackedExpert> experts = packed(Examples.weights(SHAPE, FLOAT64, random), KernelsChoice.best());
        Matrix x = Examples.rows(FLOAT64, 6, SHAPE.inputDim(), random);
        List<GatedRows> fine = List.of(rows(0, 5), rows(), rows(1));
        Matrix expected = pass.forward(x, fine, experts, GateOn.OUTPUT);
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> pass.forward(x, List.of(rows(0, 6), rows(), rows(1)), experts, GateOn.OUTPUT));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pass.forward(x.to(ElementType.FLOAT32), fine, experts, GateOn.OUTPUT))
                    .withMessage("x.elementType: FLOAT32 (expected: FLOAT64, see Matrix.to)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pass.forward(x.columnRange(0, 8), fine, experts, GateOn.OUTPUT))
                    .withMessage("x.columns: 8 (expected: the layer's input width 9)");
            Examples.assertSameBits(pass.forward(x, fine, experts, GateOn.OUTPUT), expected, "after refusals");
        }
    }
}
