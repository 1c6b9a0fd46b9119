package org.expertgrid.experts.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.expertgrid.experts.Examples;
import org.expertgrid.experts.GoldenCase;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What NumPy computed for seven small shapes, from every layer in this JVM and every kernel. */
@Tag("jdk")
class GoldenTest {
    private static final ExecutorService POOL = Executors.newSingleThreadExecutor();

    @AfterAll
    static void stopThreads() {
        POOL.shutdown();
    }

    private static Router router(MoeWeights weights, GoldenCase golden) {
        return new Router(weights.router(), RouterRule.seed(golden.topK()));
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.GoldenCase#complete")
    void theRoutingIsNumPys(GoldenCase golden) {
        Routing routing = router(weights(golden, ElementType.FLOAT64), golden).route(golden.x());
        assertSameChoices(routing, golden);
        for (int row = 0; row < golden.batch(); row++) {
            for (int k = 0; k < routing.topK(); k++) {
                assertThat(routing.gate(row, k))
                        .as("row %d, choice %d", row, k)
                        .isCloseTo(golden.gates()[row][k], within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.GoldenCase#complete")
    void inDoublePrecisionTheOutputIsNumPysTo12Digits(GoldenCase golden) {
        MoeWeights weights = weights(golden, ElementType.FLOAT64);
        for (Map.Entry<String, Layer> layer : layers(weights, golden.topK()).entrySet()) {
            assertClose(layer.getKey(), layer.getValue().forward(golden.x()), golden.output(), 1e-12);
        }
    }

    /**
     * In single precision x and the weights are rounded before anything is computed, so a row whose two best experts are
     * nearly equal could go elsewhere; in these cases none does, which is what lets the outputs be compared.
     */
    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.GoldenCase#complete")
    void inSinglePrecisionTheRoutingIsTheSameAndTheOutputNumPysTo5Digits(GoldenCase golden) {
        MoeWeights weights = weights(golden, ElementType.FLOAT32);
        Matrix x = golden.x().to(ElementType.FLOAT32);
        assertSameChoices(router(weights, golden).route(x), golden);
        for (Map.Entry<String, Layer> layer : layers(weights, golden.topK()).entrySet()) {
            assertClose(layer.getKey(), layer.getValue().forward(x), golden.output(), 1e-5);
        }
    }

    /** What is left of the error once the rounding of x and the weights is in both sides: the arithmetic's own. */
    @ParameterizedTest
    @MethodSource("org.expertgrid.experts.GoldenCase#complete")
    void inSinglePrecisionTheArithmeticKeepsCloseToDoublesOnTheRoundedNumbers(GoldenCase golden) {
        MoeWeights rounded = weights(golden, ElementType.FLOAT32);
        Matrix x = golden.x().to(ElementType.FLOAT32);
        Matrix exact = new SimpleMoe(
                        Examples.to(ElementType.FLOAT64, rounded), golden.topK(), KernelsChoice.named("plain"))
                .forward(x.to(ElementType.FLOAT64));
        for (Map.Entry<String, Layer> layer : layers(rounded, golden.topK()).entrySet()) {
            assertClose(layer.getKey(), layer.getValue().forward(x), exact, 2e-6);
        }
    }

    private static MoeWeights weights(GoldenCase golden, ElementType type) {
        MoeShape shape = new MoeShape(golden.featureDim(), golden.hiddenDim(), golden.outputDim(), golden.experts());
        return MoeWeights.random(shape, type, new NamedRandomStates()).inMemory();
    }

    private static Map<String, Layer> layers(MoeWeights weights, int topK) {
        Map<String, Layer> layers = new TreeMap<>();
        for (Kernels kernels : Examples.kernels()) {
            layers.put("SimpleMoe, " + kernels.name(), new SimpleMoe(weights, topK, kernels));
            layers.put(
                    "BatchedMoe, 1 thread, " + kernels.name(),
                    new BatchedMoe(weights, topK, kernels, ThreadTeam.ofCaller()));
            layers.put(
                    "BatchedMoe, 2 threads, " + kernels.name(),
                    new BatchedMoe(weights, topK, kernels, ThreadTeam.of(POOL, 2)));
        }
        return layers;
    }

    private static void assertSameChoices(Routing routing, GoldenCase golden) {
        assertThat(routing.rows()).isEqualTo(golden.batch());
        assertThat(routing.topK()).isEqualTo(Math.min(golden.topK(), golden.experts()));
        for (int row = 0; row < golden.batch(); row++) {
            int[] choices = new int[routing.topK()];
            for (int k = 0; k < choices.length; k++) {
                choices[k] = routing.index(row, k);
            }
            assertThat(choices).as("row %d", row).isEqualTo(golden.indices()[row]);
        }
    }

    private static void assertClose(String layer, Matrix actual, Matrix expected, double tolerance) {
        double[] reference = expected.toDoubleArray();
        assertThat(actual.rows()).as(layer).isEqualTo(expected.rows());
        assertThat(actual.columns()).as(layer).isEqualTo(expected.columns());
        assertThat(actual.toDoubleArray())
                .as(layer)
                .containsExactly(reference, within(tolerance * Examples.scale(reference)));
        assertThat(Arrays.stream(actual.toDoubleArray())).as(layer).allMatch(Double::isFinite);
    }
}
