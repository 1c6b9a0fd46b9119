package org.expertgrid.experts.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.expertgrid.experts.Examples;
import org.expertgrid.experts.NumPy;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("jdk")
class RouterTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    /** A router whose logits are the row itself: the identity matrix and no bias. */
    private static RouterWeights echo(ElementType type, int experts) {
        double[] identity = new double[experts * experts];
        for (int e = 0; e < experts; e++) {
            identity[e * experts + e] = 1;
        }
        return new RouterWeights(Matrix.wrap(experts, experts, identity).to(type));
    }

    /** A router whose logits are its bias, whatever the row. */
    private static RouterWeights always(double... logits) {
        return new RouterWeights(
                Matrix.zeros(ElementType.FLOAT64, 1, logits.length), Matrix.of(1, logits.length, logits));
    }

    private static Router router(RouterWeights weights, int topK) {
        return new Router(weights, RouterRule.seed(topK));
    }

    private static Routing routeOne(RouterWeights weights, int topK) {
        return router(weights, topK).route(Matrix.zeros(ElementType.FLOAT64, 1, 1));
    }

    private static int[] choices(Routing routing, int row) {
        int[] choices = new int[routing.topK()];
        for (int k = 0; k < choices.length; k++) {
            choices[k] = routing.index(row, k);
        }
        return choices;
    }

    private static double[] gates(Routing routing, int row) {
        double[] gates = new double[routing.topK()];
        for (int k = 0; k < gates.length; k++) {
            gates[k] = routing.gate(row, k);
        }
        return gates;
    }

    @ParameterizedTest
    @EnumSource
    void theBestExpertsComeFirstAndTheirGatesAreProbabilitiesDividedByTheirSum(ElementType type) {
        Routing routing = router(echo(type, 4), 2)
                .route(Matrix.of(1, 4, 0.0, 2.0, -1.0, 1.0).to(type));
        assertThat(choices(routing, 0)).containsExactly(1, 3);
        double second = 1 / (1 + Math.E);
        assertThat(gates(routing, 0)).containsExactly(new double[] {1 - second, second}, within(1e-15));
    }

    @ParameterizedTest
    @CsvSource({"1,0", "2,0 1", "3,0 1 2", "4,0 1 2 3"})
    void amongEqualsTheLowestExpertNumberWins(int topK, String expected) {
        Routing routing = routeOne(always(0.3, 0.3, 0.3, 0.3), topK);
        assertThat(choices(routing, 0)).isEqualTo(numbers(expected));
        assertThat(gates(routing, 0)).containsOnly(1.0 / topK);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1 3", "3,1 3 0", "5,1 3 0 2 4"})
    void amongEqualsTheLowestExpertNumberWinsAlsoBehindBetterOnes(int topK, String expected) {
        assertThat(choices(routeOne(always(-1, 2, -1, 2, -3), topK), 0)).isEqualTo(numbers(expected));
    }

    @ParameterizedTest
    @EnumSource
    void aRowWithANanGoesToTheFirstExpertsWithNanGates(ElementType type) {
        Matrix x = Matrix.of(3, 4, 0.0, 1, 2, 3, 0, 1, NAN, 3, 0, 1, 2, 3).to(type);
        Routing routing = router(echo(type, 4), 3).route(x);
        assertThat(choices(routing, 1)).containsExactly(0, 1, 2);
        assertThat(gates(routing, 1)).containsOnly(NAN);
        for (int row : new int[] {0, 2}) {
            assertThat(choices(routing, row)).containsExactly(3, 2, 1);
            assertThat(gates(routing, row)).doesNotContain(NAN);
        }
    }

    @Test
    void aNanOfTheWeightsIsANanOfTheRow() {
        Routing routing = routeOne(always(5, NAN, 7), 2);
        assertThat(choices(routing, 0)).containsExactly(0, 1);
        assertThat(gates(routing, 0)).containsOnly(NAN);
    }

    @Test
    void anInfiniteLogitIsANan() {
        Routing routing = routeOne(always(1, 2, INFINITY), 2);
        assertThat(choices(routing, 0)).containsExactly(0, 1);
        assertThat(gates(routing, 0)).containsOnly(NAN);
    }

    @Test
    void anExpertOfMinusInfinityHasGateZero() {
        Routing routing = routeOne(always(-INFINITY, 2, 1), 3);
        assertThat(choices(routing, 0)).containsExactly(1, 2, 0);
        assertThat(gates(routing, 0)[2]).isZero();
        assertThat(gates(routeOne(always(-INFINITY, -INFINITY), 1), 0)).containsOnly(NAN);
    }

    @Test
    void hugeAndTinyLogitsNeitherOverflowNorDivideByZero() {
        assertThat(gates(routeOne(always(1e308, -1e308, 1e300), 2), 0)).containsExactly(1.0, 0.0);
        assertThat(choices(routeOne(always(-800, -900, -801), 2), 0)).containsExactly(0, 2);
        assertThat(gates(routeOne(always(-800, -900, -801), 2), 0)[1]).isCloseTo(1 / (1 + Math.E), within(1e-15));
    }

    @Test
    void moreThanThereAreMeansAll() {
        RouterWeights router = always(1, 3, 2);
        Routing routing = routeOne(router, Integer.MAX_VALUE);
        assertThat(routing.topK()).isEqualTo(3);
        assertThat(choices(routing, 0)).containsExactly(1, 2, 0);
        assertThat(gates(routing, 0)).isEqualTo(gates(routeOne(router, 3), 0));
    }

    @ParameterizedTest
    @EnumSource
    void aRowRoutedAloneHasTheSameBitsAsInABatch(ElementType type) {
        SplittableRandom random = Examples.random(11);
        Router router = router(Examples.router(type, 37, 9, random), 4);
        Matrix x = Examples.rows(type, 53, 37, random);
        Routing batch = router.route(x);
        for (int row = 0; row < x.rows(); row++) {
            Routing alone = router.route(x.rowRange(row, row + 1));
            assertThat(choices(alone, 0)).isEqualTo(choices(batch, row));
            assertThat(gates(alone, 0)).isEqualTo(gates(batch, row));
        }
    }

    @Test
    void singlePrecisionIsWidenedAndThenRoutedInDouble() {
        SplittableRandom random = Examples.random(12);
        RouterWeights single = Examples.router(ElementType.FLOAT32, 21, 6, random);
        RouterWeights widened = new RouterWeights(
                single.weight().to(ElementType.FLOAT64), single.bias().to(ElementType.FLOAT64));
        Matrix x = Examples.rows(ElementType.FLOAT32, 30, 21, random);
        Routing routing = router(single, 3).route(x);
        Routing expected = router(widened, 3).route(x.to(ElementType.FLOAT64));
        for (int row = 0; row < x.rows(); row++) {
            assertThat(choices(routing, row)).isEqualTo(choices(expected, row));
            assertThat(gates(routing, row)).isEqualTo(gates(expected, row));
        }
    }

    @Test
    void aSmallerTopKTakesTheFirstOfALarger() {
        SplittableRandom random = Examples.random(13);
        RouterWeights weights = Examples.router(ElementType.FLOAT64, 8, 12, random);
        Matrix x = Examples.rows(ElementType.FLOAT64, 20, 8, random);
        Routing all = router(weights, 12).route(x);
        for (int topK = 1; topK < 12; topK++) {
            Routing fewer = router(weights, topK).route(x);
            for (int row = 0; row < x.rows(); row++) {
                assertThat(choices(all, row)).startsWith(choices(fewer, row));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void noRowsAreRoutedNowhere(ElementType type) {
        Routing routing = router(echo(type, 3), 2).route(Matrix.zeros(type, 0, 3));
        assertThat(routing.rows()).isZero();
        assertThat(routing.topK()).isEqualTo(2);
        assertThat(routing.experts()).isEqualTo(3);
        assertThat(routing.byExpert()).hasSize(3).allMatch(rows -> rows.count() == 0);
    }

    @Test
    void rowsOfTheWrongWidthAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> router(echo(ElementType.FLOAT64, 3), 1).route(Matrix.zeros(ElementType.FLOAT64, 5, 4)))
                .withMessage("x.columns: 4 (expected: the layer's input width 3)");
    }

    @ParameterizedTest
    @CsvSource({"0", "-1"})
    void aTopKBelowOneIsRefused(int topK) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> routeOne(always(1, 2), topK))
                .withMessage("topK: " + topK + " (expected: at least 1)");
    }

    @Test
    void itRemembersItsWeights() {
        RouterWeights weights = Examples.router(ElementType.FLOAT32, 4, 7, Examples.random(14));
        assertThat(router(weights, 1).weights()).isSameAs(weights);
        assertThat(router(weights, 1).experts()).isEqualTo(7);
    }

    /** Every row has some infinity or NaN in it, or is huge, and some of them only make one logit infinite. */
    @Test
    void wildRowsAreRoutedAsInNumPy(@TempDir Path directory) throws IOException {
        NumPy numPy = NumPy.orSkip();
        SplittableRandom random = Examples.random(15);
        RouterWeights weights = Examples.router(ElementType.FLOAT64, 5, 6, random);
        double[] values = Examples.rows(ElementType.FLOAT64, 60, 5, random).toDoubleArray();
        double[] specials = {NAN, INFINITY, -INFINITY, 1e300, -1e300, 0.0, -0.0};
        for (int row = 0; row < 60; row++) {
            values[row * 5 + random.nextInt(5)] = specials[row % specials.length];
        }
        Matrix x = Matrix.wrap(60, 5, values);
        write(directory.resolve("x"), x);
        write(directory.resolve("w"), weights.weight());
        write(directory.resolve("b"), weights.bias());
        ByteBuffer expected = ByteBuffer.wrap(numPy.run(ROUTE, directory)).order(ByteOrder.LITTLE_ENDIAN);
        Routing routing = router(weights, 3).route(x);
        for (int row = 0; row < 60; row++) {
            for (int k = 0; k < 3; k++) {
                assertThat(routing.index(row, k)).as("row %d", row).isEqualTo((int) expected.getDouble());
            }
            for (int k = 0; k < 3; k++) {
                double gate = expected.getDouble();
                assertThat(routing.gate(row, k))
                        .as("row %d", row)
                        .satisfiesAnyOf(
                                actual -> assertThat(actual).isEqualTo(gate),
                                actual -> assertThat(actual).isCloseTo(gate, within(1e-12)));
            }
        }
        assertThat(expected.hasRemaining()).isFalse();
    }

    private static void write(Path file, Matrix matrix) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) matrix.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        matrix.putInto(bytes);
        Files.write(file, bytes.array());
    }

    private static final String ROUTE = """
            np.seterr(all='ignore')
            x, w, b = (np.fromfile(sys.argv[1] + '/' + name, '<f8') for name in 'xwb')
            x, w = x.reshape(60, 5), w.reshape(5, 6)
            logits = x @ w + b
            e = np.exp(logits - logits.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            indices = np.argsort(-p, axis=1, kind='stable')[:, :3]
            gates = np.take_along_axis(p, indices, axis=1)
            gates = gates / gates.sum(axis=1, keepdims=True)
            sys.stdout.buffer.write(np.hstack([indices, gates]).astype('<f8').tobytes())
            """;

    private static int[] numbers(String text) {
        return java.util.Arrays.stream(text.split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
