package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.expertgrid.kernels.Activation.IDENTITY;
import static org.expertgrid.kernels.Activation.RELU;
import static org.expertgrid.kernels.ElementType.FLOAT64;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What all kernels promise, each with weights of every format. */
@ParameterizedClass(name = "{0}, {1}")
@MethodSource("kernelsAndFormats")
class KernelsContractTest {
    private static final long SEED = 20_261_123;

    private final Kernels kernels;
    private final WeightFormat format;
    private final ElementType type;
    private final SplittableRandom random = new SplittableRandom(SEED);

    KernelsContractTest(Kernels kernels, WeightFormat format) {
        this.kernels = kernels;
        this.format = format;
        this.type = format.computedIn();
    }

    static Stream<Arguments> kernelsAndFormats() {
        return Examples.kernels().stream()
                .flatMap(kernels -> Stream.of(WeightFormat.values())
                        .map(format -> Arguments.of(Named.of(kernels.name(), kernels), format)));
    }

    @Test
    void agreesWithTheTripleLoopForAnyNumberOfRows() {
        for (int rows : Examples.SIZES) {
            agreesWithTheTripleLoop(rows, 37, 45);
        }
    }

    @Test
    void agreesWithTheTripleLoopForAnyNumberOfInputs() {
        for (int inputs : Examples.SIZES) {
            agreesWithTheTripleLoop(13, inputs, 45);
        }
    }

    @Test
    void agreesWithTheTripleLoopForAnyNumberOfOutputs() {
        for (int outputs : Examples.SIZES) {
            agreesWithTheTripleLoop(13, 37, outputs);
            agreesWithTheTripleLoop(1, 37, outputs);
        }
    }

    @Test
    @Tag("slow")
    void agreesWithTheTripleLoopForWidthsThatArePowersOfTwo() {
        agreesWithTheTripleLoop(29, 1024, 128);
        agreesWithTheTripleLoop(1, 2048, 64);
    }

    private void agreesWithTheTripleLoop(int rows, int inputs, int outputs) {
        Matrix x = Examples.random(type, rows, inputs, random);
        WeightMatrix stored = Examples.weight(format, inputs, outputs, random);
        Matrix weight = stored.toMatrix();
        Matrix bias = Examples.bias(type, outputs, random);
        PackedWeights packed = PackedWeights.pack(stored, bias);
        Matrix multiplied = Examples.multiplied(x, stored);
        Matrix sums = Examples.tripleLoop(multiplied, weight, bias);
        Matrix magnitudes = Examples.magnitudes(multiplied, weight, bias);
        for (Activation activation : Activation.values()) {
            Matrix y = kernels.multiply(x, packed, activation);
            assertThat(y.rows()).isEqualTo(rows);
            assertThat(y.columns()).isEqualTo(outputs);
            assertClose(y, Examples.activated(sums, activation), magnitudes, inputs);
        }
    }

    /** Equal where the expected number is no finite one; else apart by less than the roundings of the sum can make. */
    private void assertClose(Matrix actual, Matrix expected, Matrix magnitudes, int inputs) {
        double unit = type == FLOAT64 ? Math.ulp(1.0) : Math.ulp(1.0f);
        double smallest = type == FLOAT64 ? Double.MIN_NORMAL : Float.MIN_NORMAL;
        // the products of codes and scales are rounded, too, where rows are narrowed
        int roundings = inputs + (format.narrowsRows() ? 4 : 1);
        for (int i = 0; i < actual.rows(); i++) {
            for (int j = 0; j < actual.columns(); j++) {
                double a = actual.get(i, j);
                double e = expected.get(i, j);
                double tolerance = roundings * (unit * magnitudes.get(i, j) + smallest);
                if (Double.isFinite(e) ? !(Math.abs(a - e) <= tolerance) : Double.compare(a, e) != 0) {
                    throw new AssertionError(String.format(
                            "seed %d, %d x %d x %d, [%d, %d]: %s (expected: %s within %s)",
                            SEED, actual.rows(), inputs, actual.columns(), i, j, a, e, tolerance));
                }
            }
        }
    }

    @Test
    @DisplayName("NaN, infinities, denormals and huge numbers give what the triple loop gives")
    void givesWhatTheTripleLoopGivesForNumbersOutOfTheOrdinary() {
        for (int rows : new int[] {1, 3, 4, 5, 12, 29}) {
            for (int inputs : new int[] {1, 2, 5, 9}) {
                Matrix x = Examples.wild(type, rows, inputs, random);
                WeightMatrix stored = format == WeightFormat.of(type)
                        ? WeightMatrix.of(Examples.wild(type, inputs, 43, random))
                        : Examples.weight(format, inputs, 43, random);
                Matrix weight = stored.toMatrix();
                Matrix bias = Examples.wild(type, 1, 43, random);
                Matrix multiplied = Examples.multiplied(x, stored);
                Matrix sums = Examples.tripleLoop(multiplied, weight, bias);
                Matrix magnitudes = Examples.magnitudes(multiplied, weight, bias);
                for (Activation activation : Activation.values()) {
                    Matrix y = kernels.multiply(x, PackedWeights.pack(stored, bias), activation);
                    assertClose(y, Examples.activated(sums, activation), magnitudes, inputs);
                }
            }
        }
    }

    @Test
    void aRowHasTheSameBitsAloneAndAmongOthers() {
        Matrix x = Examples.random(type, 1000, 290, random);
        PackedWeights weights = randomWeights(290, 150);
        Matrix among1000 = kernels.multiply(x, weights, RELU);
        for (int first = 0; first + 16 <= 1000; first += 97) {
            assertThat(kernels.multiply(x.rowRange(first, first + 16), weights, RELU))
                    .isEqualTo(among1000.rowRange(first, first + 16));
            for (int row = first; row < first + 16; row++) {
                assertThat(kernels.multiply(x.rowRange(row, row + 1), weights, RELU))
                        .isEqualTo(among1000.rowRange(row, row + 1));
            }
        }
        for (int rows = 1; rows <= 40; rows++) {
            assertThat(kernels.multiply(x.rowRange(0, rows), weights, RELU)).isEqualTo(among1000.rowRange(0, rows));
        }
    }

    @Test
    void aRowDoesNotSeeWhatTheRowsBesideItHold() {
        Matrix x = Examples.random(type, 30, 20, random);
        PackedWeights weights = randomWeights(20, 70);
        Matrix undisturbed = kernels.multiply(x, weights, IDENTITY);
        for (int row = 0; row < 30; row++) {
            double[] values = x.toDoubleArray();
            for (int other = 0; other < 30; other++) {
                if (other != row) {
                    Arrays.fill(values, other * 20, (other + 1) * 20, Double.NaN);
                }
            }
            Matrix disturbed = kernels.multiply(Matrix.wrap(30, 20, values).to(type), weights, IDENTITY);
            assertThat(disturbed.rowRange(row, row + 1)).isEqualTo(undisturbed.rowRange(row, row + 1));
        }
    }

    @Test
    void aSliceOfColumnsPackedAloneGivesTheBitsOfTheWhole() {
        Matrix x = Examples.random(type, 23, 77, random);
        WeightMatrix weight = Examples.weight(format, 77, 203, random);
        Matrix bias = Examples.bias(type, 203, random);
        Matrix whole = kernels.multiply(x, PackedWeights.pack(weight, bias), RELU);
        for (int ranks : new int[] {2, 3, 7, 10, 203}) {
            for (int rank = 0; rank < ranks; rank++) {
                int from = rank * 203 / ranks;
                int to = (rank + 1) * 203 / ranks;
                PackedWeights slice = PackedWeights.pack(weight.columnRange(from, to), bias.columnRange(from, to));
                assertThat(kernels.multiply(x, slice, RELU)).isEqualTo(whole.columnRange(from, to));
                assertThat(kernels.multiply(x.rowRange(5, 6), slice, RELU))
                        .isEqualTo(whole.rowRange(5, 6).columnRange(from, to));
            }
        }
    }

    @Test
    @Tag("slow")
    void regionsOfAnyShapeGiveTheBitsOfTheWhole() {
        Matrix x = Examples.random(type, 53, 40, random);
        PackedWeights weights = randomWeights(40, 700);
        Matrix whole = kernels.multiply(x, weights, RELU);
        PackedRows rows = Examples.gathered(kernels, x, Examples.upTo(53));
        for (int height : new int[] {1, 2, 3, 5, 12, 13, 50, 53}) {
            for (int panels : new int[] {1, 2, 3, 5, 8, 15, 16, weights.panels()}) {
                MatrixBuffer product = MatrixBuffer.allocate(type, 53, 700);
                for (int row = 0; row < 53; row += height) {
                    for (int panel = 0; panel < weights.panels(); panel += panels) {
                        Region region = new Region(
                                row, Math.min(53, row + height), panel, Math.min(weights.panels(), panel + panels));
                        kernels.multiply(rows, weights, region, RELU, product.store(0, 700));
                    }
                }
                assertThat(product.toMatrix())
                        .as("%d rows, %d panels", height, panels)
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void storesAtAColumnOfAWiderBuffer() {
        Matrix x = Examples.random(type, 14, 9, random);
        PackedWeights weights = randomWeights(9, 50);
        MatrixBuffer product = MatrixBuffer.allocate(type, 14, 60);
        PackedRows rows = Examples.gathered(kernels, x, Examples.upTo(14));
        kernels.multiply(rows, weights, Region.whole(rows, weights), RELU, product.store(7, 50));
        Matrix y = product.toMatrix();
        assertThat(y.columnRange(7, 57)).isEqualTo(kernels.multiply(x, weights, RELU));
        assertThat(y.columnRange(0, 7)).isEqualTo(Matrix.zeros(type, 14, 7));
        assertThat(y.columnRange(57, 60)).isEqualTo(Matrix.zeros(type, 14, 3));
    }

    @Test
    void addsGatedRowsAsTheBufferItselfDoes() {
        Matrix x = Examples.random(type, 40, 21, random);
        PackedWeights weights = randomWeights(21, 50);
        int[] selection = {0, 3, 4, 5, 11, 12, 13, 14, 15, 16, 17, 18, 30, 39};
        GatedRows gated =
                new GatedRows(selection, random.doubles(selection.length).toArray());
        Matrix before = Examples.random(type, 40, 50, random);
        MatrixBuffer fused = MatrixBuffer.allocate(type, 40, 50);
        fused.addRows(before, 0);
        PackedRows rows = Examples.gathered(kernels, x, selection);
        kernels.multiply(rows, weights, Region.whole(rows, weights), IDENTITY, fused.gatedSum(gated));
        MatrixBuffer separate = MatrixBuffer.allocate(type, 40, 50);
        separate.addRows(before, 0);
        separate.addGated(kernels.multiply(x.selectRows(selection), weights, IDENTITY), gated);
        assertThat(fused.toMatrix()).isEqualTo(separate.toMatrix());
    }

    @Test
    void feedsTheNextProductAsAMatrixWould() {
        for (int count : new int[] {0, 1, 3, 4, 6, 11, 12, 25}) {
            Matrix x = Examples.random(type, count, 19, random);
            PackedWeights first = randomWeights(19, 45);
            PackedWeights second = randomWeights(45, 33);
            PackedRows rows = Examples.gathered(kernels, x, Examples.upTo(count));
            PackedRows hidden = kernels.rows(type);
            hidden.reset(count, 45);
            kernels.multiply(rows, first, Region.whole(rows, first), RELU, hidden);
            MatrixBuffer product = MatrixBuffer.allocate(type, count, 33);
            kernels.multiply(hidden, second, Region.whole(hidden, second), IDENTITY, product.store(0, 33));
            Matrix expected = kernels.multiply(kernels.multiply(x, first, RELU), second, IDENTITY);
            assertThat(product.toMatrix()).isEqualTo(expected);
        }
    }

    @Test
    void aGatedProductIsWhatTheActivationMakesOfTwoProducts() {
        for (int count : new int[] {0, 1, 5, 200}) {
            Matrix x = Examples.random(type, count, 19, random);
            PackedWeights gate = randomWeights(19, 150);
            PackedWeights up = PackedWeights.pack(Examples.weight(format, 19, 150, random), null, 3_000);
            PackedRows rows = Examples.gathered(kernels, x, Examples.upTo(count));
            Matrix gates = kernels.multiply(x, gate, IDENTITY);
            Matrix ups = kernels.multiply(x, up, IDENTITY);
            for (GatedActivation activation : new GatedActivation[] {
                GatedActivation.SWIGLU, GatedActivation.CLAMPED_SWIGLU, GatedActivation.of(RELU)
            }) {
                MatrixBuffer product = MatrixBuffer.allocate(type, count, 150);
                for (int panel = 0; panel < gate.panels(); panel += 3) {
                    Region region = new Region(0, count, panel, Math.min(panel + 3, gate.panels()));
                    kernels.multiplyGated(rows, gate, up, region, activation, product.store(0, 150));
                }
                double[] expected = new double[count * 150];
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = activation.apply(gates.get(i / 150, i % 150), ups.get(i / 150, i % 150));
                }
                assertThat(product.toMatrix())
                        .isEqualTo(Matrix.wrap(count, 150, expected).to(type));
            }
        }
    }

    @Test
    void rowsCanBeGatheredInPartsAndInAnyOrder() {
        Matrix x = Examples.random(type, 31, 18, random);
        PackedWeights weights = randomWeights(18, 20);
        int[] selection = random.ints(27, 0, 31).toArray();
        PackedRows rows = kernels.rows(type);
        rows.reset(27, 18);
        for (int from : new int[] {20, 5, 0, 13, 14}) {
            int to = from == 0 ? 5 : from == 5 ? 13 : from == 13 ? 14 : from == 14 ? 20 : 27;
            kernels.gather(x, selection, from, to, rows);
        }
        MatrixBuffer product = MatrixBuffer.allocate(type, 27, 20);
        kernels.multiply(rows, weights, Region.whole(rows, weights), RELU, product.store(0, 20));
        assertThat(product.toMatrix()).isEqualTo(kernels.multiply(x.selectRows(selection), weights, RELU));
    }

    @Test
    void rowsThatAreUsedAgainForgetWhatTheyHeld() {
        PackedRows rows = kernels.rows(type);
        PackedRows hidden = kernels.rows(type);
        for (int[] shape : new int[][] {{40, 30, 50}, {3, 7, 9}, {13, 64, 5}, {1, 30, 50}, {0, 3, 4}, {41, 2, 77}}) {
            rows.reset(41, 70);
            kernels.gather(filled(41, 70, Double.NaN), Examples.upTo(41), 0, 41, rows);
            hidden.reset(41, 80);
            PackedWeights spoil = PackedWeights.pack(WeightMatrix.of(filled(70, 80, 1.0)), filled(1, 80, 1.0));
            kernels.multiply(rows, spoil, Region.whole(rows, spoil), IDENTITY, hidden);
            Matrix x = Examples.random(type, shape[0], shape[1], random);
            PackedWeights first = randomWeights(shape[1], shape[2]);
            PackedWeights second = randomWeights(shape[2], 21);
            rows.reset(shape[0], shape[1]);
            kernels.gather(x, Examples.upTo(shape[0]), 0, shape[0], rows);
            hidden.reset(shape[0], shape[2]);
            kernels.multiply(rows, first, Region.whole(rows, first), RELU, hidden);
            MatrixBuffer product = MatrixBuffer.allocate(type, shape[0], 21);
            kernels.multiply(hidden, second, Region.whole(hidden, second), RELU, product.store(0, 21));
            assertThat(product.toMatrix()).isEqualTo(kernels.multiply(kernels.multiply(x, first, RELU), second, RELU));
        }
    }

    private PackedWeights randomWeights(int inputs, int outputs) {
        return PackedWeights.pack(
                Examples.weight(format, inputs, outputs, random), Examples.bias(type, outputs, random));
    }

    private Matrix filled(int rows, int columns, double value) {
        double[] values = new double[rows * columns];
        Arrays.fill(values, value);
        return Matrix.wrap(rows, columns, values).to(type);
    }
}
