package org.expertgrid.kernels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.expertgrid.kernels.packed.RowNarrowing;
import org.expertgrid.kernels.vector.VectorObstacles;

/** What the tests of the kernels share: the kernels of this process, random matrices, and the plain triple loop. */
public final class Examples {
    static final int[] SIZES = {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257};

    private Examples() {}

    /** All kernels that this process can have. */
    public static List<Kernels> kernels() {
        List<Kernels> kernels = new ArrayList<>(List.of(KernelsChoice.named("plain"), KernelsChoice.named("ojalgo")));
        if (VectorObstacles.first().isEmpty()) {
            kernels.add(KernelsChoice.named("vector"));
        }
        return kernels;
    }

    /** Normal numbers, all of them fit to be a float. */
    public static Matrix random(ElementType type, int rows, int columns, SplittableRandom random) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Matrix.wrap(rows, columns, values).to(type);
    }

    /** Every fifth number or so is a NaN, an infinity, a denormal, a zero, or so huge that its square is still a number. */
    public static Matrix wild(ElementType type, int rows, int columns, SplittableRandom random) {
        double tiny = type == ElementType.FLOAT64 ? Double.MIN_VALUE : Float.MIN_VALUE;
        double huge = type == ElementType.FLOAT64 ? 1e150 : 1e18;
        double[] specials = {
            Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, tiny, -7 * tiny, 0.0, -0.0, huge, -huge
        };
        double[] values = random(type, rows, columns, random).toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            if (random.nextInt(5) == 0) {
                values[i] = specials[random.nextInt(specials.length)];
            }
        }
        return Matrix.wrap(rows, columns, values).to(type);
    }

    /** The product with its bias as a page of a textbook has it, in the element type of its factors. */
    static Matrix tripleLoop(Matrix x, Matrix weight, Matrix bias) {
        boolean single = x.elementType() == ElementType.FLOAT32;
        double[] y = new double[x.rows() * weight.columns()];
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < weight.columns(); j++) {
                double sum = 0.0;
                for (int k = 0; k < x.columns(); k++) {
                    double product = x.get(i, k) * weight.get(k, j);
                    sum = single ? (float) (sum + (float) product) : sum + product;
                }
                y[i * weight.columns() + j] = sum + bias.get(0, j);
            }
        }
        return Matrix.wrap(x.rows(), weight.columns(), y).to(x.elementType());
    }

    /** The activation of each element. */
    static Matrix activated(Matrix sums, Activation activation) {
        double[] y = sums.toDoubleArray();
        for (int i = 0; i < y.length; i++) {
            y[i] = activation == Activation.RELU && y[i] <= 0.0 ? 0.0 : activation.apply(y[i]);
        }
        return Matrix.wrap(sums.rows(), sums.columns(), y).to(sums.elementType());
    }

    /** The sums of the magnitudes of what {@link #tripleLoop} adds: what a rounding error is to be measured by. */
    static Matrix magnitudes(Matrix x, Matrix weight, Matrix bias) {
        return tripleLoop(absolute(x), absolute(weight), absolute(bias));
    }

    private static Matrix absolute(Matrix matrix) {
        double[] values = matrix.toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return Matrix.wrap(matrix.rows(), matrix.columns(), values).to(matrix.elementType());
    }

    /** Some rows of {@code x}, packed by {@code kernels}. */
    static PackedRows gathered(Kernels kernels, Matrix x, int... selection) {
        PackedRows rows = kernels.rows(x.elementType());
        rows.reset(selection.length, x.columns());
        kernels.gather(x, selection, 0, selection.length, rows);
        return rows;
    }

    static int[] upTo(int count) {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    static Matrix bias(ElementType type, int columns, SplittableRandom random) {
        return random(type, 1, columns, random);
    }

    /** Random weights of any format; their first row is not the first of a group of inputs. */
    static WeightMatrix weight(WeightFormat format, int inputs, int outputs, SplittableRandom random) {
        int before = format.scaled() ? 5 : 0;
        int stored = (before + inputs + 31) / 32 * 32;
        Matrix matrix = random(format.computedIn(), stored, outputs, random);
        WeightMatrix whole = switch (format) {
            case FLOAT64, FLOAT32 -> WeightMatrix.of(matrix);
            case BF16, INT8, INT4, W8A8, W4A8 ->
                Narrowing.of(WeightMatrix.of(matrix), format).weight();
            case F16 -> halves(stored, outputs, random);
            case FP8_E4M3 -> fp8(stored, outputs, random);
            case MXFP4 -> mxfp4(stored, outputs, random);
        };
        return whole.rowRange(before, before + inputs);
    }

    /** Finite numbers below 2, many of them subnormal. */
    private static WeightMatrix halves(int inputs, int outputs, SplittableRandom random) {
        ByteBuffer codes = ByteBuffer.allocate(2 * inputs * outputs);
        while (codes.hasRemaining()) {
            codes.putShort((short) (random.nextInt(0x4000) | random.nextInt(2) << 15));
        }
        return WeightMatrix.of(WeightFormat.F16, WeightMatrix.Order.OUTPUT_MAJOR, inputs, outputs, codes.flip());
    }

    /** Numbers of F16 or FP8_E4M3 as models have them: none is subnormal. */
    static WeightMatrix normal(WeightFormat format, int inputs, int outputs, SplittableRandom random) {
        ByteBuffer codes = ByteBuffer.allocate(inputs * outputs * format.bits() / 8);
        int mask = format == WeightFormat.F16 ? 0xBFFF : 0xBF;
        int always = format == WeightFormat.F16 ? 0x2000 : 0x20;
        codes.order(ByteOrder.LITTLE_ENDIAN);
        while (codes.hasRemaining()) {
            int code = random.nextInt() & mask | always;
            if (format == WeightFormat.F16) {
                codes.putShort((short) code);
            } else {
                codes.put((byte) code);
            }
        }
        WeightMatrix.Order order = WeightMatrix.Order.OUTPUT_MAJOR;
        return format == WeightFormat.F16
                ? WeightMatrix.of(format, order, inputs, outputs, codes.flip())
                : WeightMatrix.fp8(order, inputs, outputs, codes.flip(), Matrix.of(1, 1, 0.37f));
    }

    private static WeightMatrix fp8(int inputs, int outputs, SplittableRandom random) {
        byte[] codes = bytes(inputs * outputs, random);
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (codes[i] & 0x7F) == 0x7F ? 0 : codes[i];
        }
        Matrix scales = random(ElementType.FLOAT32, (outputs + 127) / 128, (inputs + 127) / 128, random);
        return WeightMatrix.fp8(WeightMatrix.Order.OUTPUT_MAJOR, inputs, outputs, ByteBuffer.wrap(codes), scales);
    }

    private static WeightMatrix mxfp4(int inputs, int outputs, SplittableRandom random) {
        byte[] scales = new byte[inputs / 32 * outputs];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) random.nextInt(120, 134);
        }
        ByteBuffer codes = ByteBuffer.wrap(bytes(inputs * outputs / 2, random));
        return WeightMatrix.mxfp4(inputs, outputs, codes, ByteBuffer.wrap(scales));
    }

    /** The rows as a product with weights of that format multiplies them. */
    static Matrix multiplied(Matrix x, WeightMatrix weight) {
        if (!weight.format().narrowsRows()) {
            return x;
        }
        TileLayout layout = new TileLayout(weight.format(), x.columns(), weight.columns(), weight.skippedInputs());
        float[] numbers = new float[x.rows() * x.columns()];
        for (int row = 0; row < x.rows(); row++) {
            float[] narrowed = RowNarrowing.narrowedNumbers(x.floats(), row * x.columns(), layout);
            System.arraycopy(narrowed, 0, numbers, row * x.columns(), x.columns());
        }
        return Matrix.wrap(x.rows(), x.columns(), numbers);
    }

    private static byte[] bytes(int count, SplittableRandom random) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
