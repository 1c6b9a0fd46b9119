package org.expertgrid.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.expertgrid.kernels.packed.FusedMultiplyAdd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products with W8A8 and W4A8, whose rows are narrowed to 8 bits, in all kernels. */
class NarrowedRowsTest {
    private static final long SEED = 17;

    /** Rows, inputs, outputs, and inputs of the first group that lie before the slice. */
    private static final List<int[]> SHAPES = List.of(
            new int[] {1, 64, 150, 0},
            new int[] {2, 96, 64, 0},
            new int[] {3, 1024, 33, 0},
            new int[] {1, 40, 64, 24},
            new int[] {1, 13, 20, 0},
            new int[] {1, 77, 40, 5},
            new int[] {4, 64, 300, 8},
            new int[] {29, 311, 131, 3},
            new int[] {300, 64, 17, 0});

    private final SplittableRandom random = new SplittableRandom(SEED);

    private static List<Kernels> ownKernels() {
        return Examples.kernels().stream()
                .filter(kernels -> !kernels.name().equals("ojalgo"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"W8A8", "W4A8"})
    void vectorAndPlainGiveTheBitsOfSumsOfIntegersTimesTheirScales(WeightFormat format) {
        for (int[] shape : SHAPES) {
            Matrix x = Examples.random(ElementType.FLOAT32, shape[0], shape[1], random);
            WeightMatrix weight =
                    everyCode(format, shape[3] + shape[1], shape[2]).rowRange(shape[3], shape[3] + shape[1]);
            Matrix expected = expected(x, weight);
            for (Kernels kernels : ownKernels()) {
                assertThat(kernels.multiply(x, PackedWeights.pack(weight), Activation.IDENTITY))
                        .as("%s, %s, %s, seed %d", kernels.name(), format, Arrays.toString(shape), SEED)
                        .isEqualTo(expected);
            }
        }
    }

    /** All codes of the rows are 127 or -127, in turn where the signs alternate. */
    @ParameterizedTest
    @EnumSource(names = {"W8A8", "W4A8"})
    void theLargestAndSmallestCodesOfRowsAndWeightsDoNotOverflow(WeightFormat format) {
        int[] extremes = format.bits() == 8 ? new int[] {-128, 127} : new int[] {-8, 7};
        for (int code : extremes) {
            WeightMatrix weight = filled(format, code, 64, 80);
            for (float[] signs : new float[][] {{1, 1}, {-1, -1}, {1, -1}}) {
                for (int rows : new int[] {1, 9}) {
                    float[] numbers = new float[rows * 64];
                    for (int i = 0; i < numbers.length; i++) {
                        numbers[i] = signs[i % 2];
                    }
                    double expected = 32.0 * (signs[0] + signs[1]) * code;
                    for (Kernels kernels : Examples.kernels()) {
                        Matrix product = kernels.multiply(
                                Matrix.wrap(rows, 64, numbers), PackedWeights.pack(weight), Activation.IDENTITY);
                        assertThat(Arrays.stream(product.toDoubleArray()))
                                .as("%s, code %d, signs %s", kernels.name(), code, Arrays.toString(signs))
                                .allMatch(element -> Math.abs(element - expected) < 1e-2);
                    }
                }
            }
        }
    }

    private static WeightMatrix filled(WeightFormat format, int code, int inputs, int outputs) {
        byte[] codes = new byte[inputs * outputs * format.bits() / 8];
        Arrays.fill(codes, (byte) (format.bits() == 8 ? code : (code & 0xF) * 0x11));
        float[] scales = new float[inputs / 32 * outputs];
        Arrays.fill(scales, 1.0f);
        return WeightMatrix.grouped(format, inputs, outputs, ByteBuffer.wrap(codes), inputs, scales);
    }

    @Test
    void threadsThatMultiplyTheSameRowsAtTheSameTimeGetTheSameBits() {
        for (Kernels kernels : ownKernels()) {
            for (int count : new int[] {1, 40}) {
                Matrix x = Examples.random(ElementType.FLOAT32, count, 256, random);
                PackedWeights weights = PackedWeights.pack(everyCode(WeightFormat.W8A8, 256, 320));
                Matrix expected = kernels.multiply(x, weights, Activation.IDENTITY);
                PackedRows rows = Examples.gathered(kernels, x, Examples.upTo(count));
                MatrixBuffer product = MatrixBuffer.allocate(ElementType.FLOAT32, count, 320);
                IntStream.range(0, weights.panels())
                        .parallel()
                        .forEach(panel -> kernels.multiply(
                                rows,
                                weights,
                                new Region(0, count, panel, panel + 1),
                                Activation.IDENTITY,
                                product.store(0, 320)));
                assertThat(product.toMatrix()).as(kernels.name()).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"W8A8", "W4A8"})
    void aProductIsApartFromThatOfTheRowsByLessThanAHundredthOfItsSize(WeightFormat format) {
        Matrix x = Examples.random(ElementType.FLOAT32, 5, 1024, random);
        WeightMatrix weight = Narrowing.of(
                        WeightMatrix.of(Examples.random(ElementType.FLOAT32, 1024, 64, random)), format)
                .weight();
        for (Kernels kernels : Examples.kernels()) {
            double[] wide = kernels.multiply(
                            x, PackedWeights.pack(WeightMatrix.of(weight.toMatrix())), Activation.IDENTITY)
                    .toDoubleArray();
            double[] narrow = kernels.multiply(x, PackedWeights.pack(weight), Activation.IDENTITY)
                    .toDoubleArray();
            assertThat(Narrowing.relativeError(wide, narrow)).as(kernels.name()).isBetween(1e-3, 1e-2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"W8A8", "W4A8"})
    void aNumberThatIsNotFiniteMakesItsRowNaNAndNoOther(WeightFormat format) {
        WeightMatrix weight = everyCode(format, 64, 50);
        for (float special : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int rows : new int[] {2, 9}) {
                float[] numbers =
                        Examples.random(ElementType.FLOAT32, rows, 64, random).toFloatArray();
                numbers[70] = special;
                Matrix x = Matrix.wrap(rows, 64, numbers);
                for (Kernels kernels : Examples.kernels()) {
                    Matrix product = kernels.multiply(x, PackedWeights.pack(weight), Activation.IDENTITY);
                    for (int row = 0; row < rows; row++) {
                        boolean spoilt = row == 1;
                        assertThat(Arrays.stream(product.rowRange(row, row + 1).toDoubleArray()))
                                .as("%s, %s, row %d", kernels.name(), special, row)
                                .allMatch(element -> Double.isNaN(element) == spoilt);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"W8A8", "W4A8"})
    void zerosAndNumbersNextToZeroCountAsZeros(WeightFormat format) {
        WeightMatrix weight = everyCode(format, 64, 50);
        for (float tiny : new float[] {0.0f, -0.0f, Float.MIN_VALUE, 1e-40f}) {
            float[] numbers = new float[64];
            Arrays.fill(numbers, tiny);
            for (Kernels kernels : Examples.kernels()) {
                Matrix product =
                        kernels.multiply(Matrix.wrap(1, 64, numbers), PackedWeights.pack(weight), Activation.IDENTITY);
                assertThat(product.toDoubleArray())
                        .as("%s, %s", kernels.name(), tiny)
                        .containsOnly(0.0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"W8A8", "W4A8"})
    void rowsThatWereChangedAreNarrowedAgain(WeightFormat format) {
        PackedWeights weights = PackedWeights.pack(everyCode(format, 64, 50));
        for (Kernels kernels : ownKernels()) {
            for (int count : new int[] {1, 9}) {
                Matrix first = Examples.random(ElementType.FLOAT32, count, 64, random);
                Matrix second = Examples.random(ElementType.FLOAT32, count, 64, random);
                PackedRows rows = Examples.gathered(kernels, first, Examples.upTo(count));
                MatrixBuffer product = MatrixBuffer.allocate(ElementType.FLOAT32, count, 50);
                Region whole = Region.whole(rows, weights);
                kernels.multiply(rows, weights, whole, Activation.IDENTITY, product.store(0, 50));
                kernels.gather(second, Examples.upTo(count), 0, count, rows);
                kernels.multiply(rows, weights, whole, Activation.IDENTITY, product.store(0, 50));
                assertThat(product.toMatrix()).isEqualTo(kernels.multiply(second, weights, Activation.IDENTITY));
            }
        }
    }

    /** Codes of all values in random order, with random scales. */
    private WeightMatrix everyCode(WeightFormat format, int inputs, int outputs) {
        int step = inputs + inputs % 2;
        byte[] codes = new byte[step * outputs * format.bits() / 8];
        random.nextBytes(codes);
        float[] scales = new float[(inputs + 31) / 32 * outputs];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (float) random.nextDouble(0.001, 0.1);
        }
        return WeightMatrix.grouped(format, inputs, outputs, ByteBuffer.wrap(codes), step, scales);
    }

    /** What RowNarrowing and the kernels do, written down as a page of a textbook would. */
    private static Matrix expected(Matrix x, WeightMatrix weight) {
        int skipped = weight.skippedInputs();
        WeightTile tile = PackedWeights.pack(weight).tiles().get(0);
        float[] y = new float[x.rows() * weight.columns()];
        for (int row = 0; row < x.rows(); row++) {
            for (int j = 0; j < weight.columns(); j++) {
                float sum = 0.0f;
                for (int from = 0, to; from < x.columns(); from = to) {
                    to = Math.min(x.columns(), (skipped + from) / 32 * 32 + 32 - skipped);
                    float largest = 0.0f;
                    for (int k = from; k < to; k++) {
                        largest = Math.max(largest, Math.abs((float) x.get(row, k)));
                    }
                    long products = 0;
                    for (int k = from; k < to; k++) {
                        products += (long) Math.rint((float) x.get(row, k) * (127.0f / largest)) * code(tile, k, j);
                    }
                    float scale = largest / 127.0f * scale(tile, from, j);
                    sum = FusedMultiplyAdd.FAST ? Math.fma((float) products, scale, sum) : sum + products * scale;
                }
                y[row * weight.columns() + j] = sum;
            }
        }
        return Matrix.wrap(x.rows(), weight.columns(), y);
    }

    private static int code(WeightTile tile, int input, int column) {
        TileLayout layout = tile.layout();
        int panel = column / layout.panelWidth();
        int at = layout.start(panel) + layout.wordRow(input) * layout.panelWidth() + column % layout.panelWidth();
        return (int) layout.format().widen(tile.words()[at] >>> layout.shift(input));
    }

    private static float scale(WeightTile tile, int input, int column) {
        TileLayout layout = tile.layout();
        int panel = column / layout.panelWidth();
        return tile.scales()[
                layout.startOfScales(panel) + layout.group(input) * layout.panelWidth() + column % layout.panelWidth()];
    }
}
