package org.expertgrid.kernels;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * An immutable weight {@code [in, out]} in any {@link WeightFormat}, as a checkpoint, a narrowing or a {@link Matrix} holds
 * it. Its rows are inputs and its columns are outputs, in whatever order they are stored.
 *
 * <p>Nothing is copied: a weight is a view of the buffer or matrix that it was made of, which must not change any more, and
 * {@link #rowRange} and {@link #columnRange} are views of a weight. {@link PackedWeights#pack} reads it.
 *
 * <p>Scales keep their place when a weight is cut. A slice of rows that begins inside of a group of inputs has the rest of that
 * group as its first, and keeps the group's scale: the parts of a weight widen to the parts of what the whole widens to.
 *
 * <p>Safe for use by many threads.
 */
public final class WeightMatrix {
    /** In which order the elements of a weight are stored. */
    public enum Order {
        /** {@code [in, out]}: all outputs of the first input come first. */
        INPUT_MAJOR,
        /** {@code [out, in]}: all inputs of the first output come first, as in most checkpoints. */
        OUTPUT_MAJOR
    }

    private final StoredElements stored;
    private final int firstRow;
    private final int rows;
    private final int firstColumn;
    private final int columnStep;
    private final int columns;

    private WeightMatrix(StoredElements stored, int firstRow, int rows, int firstColumn, int columnStep, int columns) {
        this.stored = stored;
        this.firstRow = firstRow;
        this.rows = rows;
        this.firstColumn = firstColumn;
        this.columnStep = columnStep;
        this.columns = columns;
    }

    /** Returns the weight that a matrix {@code [in, out]} holds, FLOAT64 or FLOAT32. */
    public static WeightMatrix of(Matrix matrix) {
        Buffer elements = matrix.elementType() == ElementType.FLOAT64
                ? DoubleBuffer.wrap(matrix.doubles())
                : FloatBuffer.wrap(matrix.floats());
        return unscaled(
                WeightFormat.of(matrix.elementType()), Order.INPUT_MAJOR, matrix.rows(), matrix.columns(), elements);
    }

    /**
     * Returns the weight whose elements a buffer holds.
     *
     * @param format one without scales: FLOAT64, FLOAT32, BF16 or F16
     * @param elements from its position on, in its byte order
     * @throws IllegalArgumentException if the format has scales, or fewer or more than {@code inputs * outputs} elements
     *     remain
     */
    public static WeightMatrix of(WeightFormat format, Order order, int inputs, int outputs, ByteBuffer elements) {
        bytes(format, format.bits() / Byte.SIZE, Shapes.elements(inputs, outputs), elements);
        ByteBuffer slice = elements.slice().order(elements.order());
        return switch (format) {
            case FLOAT64 -> unscaled(format, order, inputs, outputs, slice.asDoubleBuffer());
            case FLOAT32 -> unscaled(format, order, inputs, outputs, slice.asFloatBuffer());
            case BF16, F16 -> unscaled(format, order, inputs, outputs, slice.asShortBuffer());
            case FP8_E4M3, MXFP4, INT8, INT4, W8A8, W4A8 ->
                throw new IllegalArgumentException(
                        "format: " + format + " without scales (expected: one of FLOAT64, FLOAT32, BF16, F16)");
        };
    }

    private static WeightMatrix unscaled(WeightFormat format, Order order, int inputs, int outputs, Buffer elements) {
        boolean byInput = order == Order.INPUT_MAJOR;
        StoredElements stored =
                new StoredElements(format, elements, byInput ? outputs : 1, byInput ? 1 : inputs, null, 0, 0);
        return new WeightMatrix(stored, 0, inputs, 0, 1, outputs);
    }

    /**
     * Returns the FP8_E4M3 weight whose codes a buffer holds.
     *
     * @param codes from its position on, a byte each
     * @param scales one for each block of 128 inputs and 128 outputs, blocks at the end may be smaller: what each code is multiplied by
     *     ({@code weight_scale_inv} of a checkpoint); FLOAT32, in the order of the codes
     * @throws IllegalArgumentException if there are fewer or more codes or scales
     */
    public static WeightMatrix fp8(Order order, int inputs, int outputs, ByteBuffer codes, Matrix scales) {
        WeightFormat format = WeightFormat.FP8_E4M3;
        bytes(format, Byte.BYTES, Shapes.elements(inputs, outputs), codes);
        int inputBlocks = blocks(inputs, format.scaledInputs());
        int outputBlocks = blocks(outputs, format.scaledOutputs());
        boolean byInput = order == Order.INPUT_MAJOR;
        Shapes.sameType("scales", scales.elementType(), ElementType.FLOAT32);
        Shapes.equal("rows of the scales", scales.rows(), "blocks of 128,", byInput ? inputBlocks : outputBlocks);
        Shapes.equal("columns of the scales", scales.columns(), "blocks of 128,", byInput ? outputBlocks : inputBlocks);
        StoredElements stored = new StoredElements(
                format,
                codes.slice(),
                byInput ? outputs : 1,
                byInput ? 1 : inputs,
                scales.floats(),
                byInput ? outputBlocks : 1,
                byInput ? 1 : inputBlocks);
        return new WeightMatrix(stored, 0, inputs, 0, 1, outputs);
    }

    /**
     * Returns the MXFP4 weight {@code [out, in]} whose codes a buffer holds, as gpt-oss stores it.
     *
     * @param inputs a multiple of 32
     * @param codes from its position on, two a byte, the one of the even input in the lower half
     * @param scales from its position on, a byte for each 32 inputs of an output: the exponent of a power of two, 127 more than it
     *     is (E8M0); 255 stands for NaN
     * @throws IllegalArgumentException if {@code inputs} is no multiple of 32, or there are fewer or more codes or scales
     */
    public static WeightMatrix mxfp4(int inputs, int outputs, ByteBuffer codes, ByteBuffer scales) {
        WeightFormat format = WeightFormat.MXFP4;
        if (inputs % format.scaledInputs() != 0) {
            throw new IllegalArgumentException(
                    "inputs: " + inputs + " (expected: a multiple of " + format.scaledInputs() + ")");
        }
        bytes(format, Byte.BYTES, Shapes.elements(inputs, outputs) / 2, codes);
        int groups = inputs / format.scaledInputs();
        if (scales.remaining() != groups * outputs) {
            throw new IllegalArgumentException("scales: " + scales.remaining() + " bytes (expected: " + groups * outputs
                    + ", one for each 32 inputs of an output)");
        }
        float[] widened = new float[groups * outputs];
        for (int i = 0; i < widened.length; i++) {
            int exponent = scales.get(scales.position() + i) & 0xFF;
            widened[i] = exponent == 0xFF ? Float.NaN : Math.scalb(1.0f, exponent - 127);
        }
        return grouped(format, inputs, outputs, codes.slice(), inputs, widened);
    }

    /**
     * Returns a weight of zeros.
     *
     * @param inputs of MXFP4 a multiple of 32
     * @throws IllegalArgumentException if there is no such MXFP4 weight
     */
    public static WeightMatrix zeros(WeightFormat format, int inputs, int outputs) {
        int elements = Shapes.elements(inputs, outputs);
        ByteBuffer codes = ByteBuffer.allocate(Math.multiplyExact(elements, format.bits()) / Byte.SIZE);
        int groups = blocks(inputs, format.scaledInputs());
        return switch (format) {
            case FLOAT64, FLOAT32, BF16, F16 -> of(format, Order.INPUT_MAJOR, inputs, outputs, codes);
            case FP8_E4M3 -> {
                int blocks = blocks(outputs, format.scaledOutputs());
                yield fp8(Order.INPUT_MAJOR, inputs, outputs, codes, Matrix.zeros(ElementType.FLOAT32, groups, blocks));
            }
            case MXFP4 -> mxfp4(inputs, outputs, codes, ByteBuffer.allocate(groups * outputs));
            case INT8, INT4, W8A8, W4A8 -> grouped(format, inputs, outputs, codes, inputs, new float[groups * outputs]);
        };
    }

    /** Returns a weight {@code [out, in]} that has one scale for each group of inputs of an output. */
    static WeightMatrix grouped(
            WeightFormat format, int inputs, int outputs, ByteBuffer codes, int columnStep, float[] scales) {
        int groups = blocks(inputs, format.scaledInputs());
        return new WeightMatrix(
                new StoredElements(format, codes, 1, columnStep, scales, 1, groups), 0, inputs, 0, 1, outputs);
    }

    private static int blocks(int count, int size) {
        return (count + size - 1) / size;
    }

    private static void bytes(WeightFormat format, int bytesOfElement, int elements, ByteBuffer buffer) {
        long expected = (long) elements * bytesOfElement;
        if (buffer.remaining() != expected) {
            throw new IllegalArgumentException("elements: " + buffer.remaining() + " bytes (expected: " + expected
                    + " bytes of " + format + ", which the shape asks for)");
        }
    }

    /** Returns the number of inputs. */
    public int rows() {
        return rows;
    }

    /** Returns the number of outputs. */
    public int columns() {
        return columns;
    }

    /** Returns what the elements are stored as. */
    public WeightFormat format() {
        return stored.format();
    }

    /** Returns how many bytes the elements of this weight take where they are stored, without scales. */
    public long bytes() {
        return ((long) rows * columns * format().bits() + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** Returns how many inputs of the first group lie before the first row of this slice. */
    public int skippedInputs() {
        return firstRow % format().scaledInputs();
    }

    /**
     * Returns a view of rows (inputs) {@code from} (inclusive) to {@code to} (exclusive).
     *
     * @throws IndexOutOfBoundsException if they are not within 0 to {@code rows()}, in this order
     */
    public WeightMatrix rowRange(int from, int to) {
        Shapes.range("rows", from, to, rows);
        return new WeightMatrix(stored, firstRow + from, to - from, firstColumn, columnStep, columns);
    }

    /**
     * Returns a view of columns (outputs) {@code from} (inclusive) to {@code to} (exclusive).
     *
     * @throws IndexOutOfBoundsException if they are not within 0 to {@code columns()}, in this order
     */
    public WeightMatrix columnRange(int from, int to) {
        Shapes.range("columns", from, to, columns);
        return new WeightMatrix(stored, firstRow, rows, firstColumn + from * columnStep, columnStep, to - from);
    }

    /**
     * Returns a view of every {@code step}-th column from {@code first} on: a weight that interleaves gate and up columns holds the
     * ones in {@code everyColumn(0, 2)} and the others in {@code everyColumn(1, 2)}.
     *
     * @throws IllegalArgumentException if {@code step} is not positive
     * @throws IndexOutOfBoundsException if {@code first} is not within 0 to {@code columns()}
     */
    public WeightMatrix everyColumn(int first, int step) {
        Shapes.range("first column", 0, first, columns);
        if (step < 1) {
            throw new IllegalArgumentException("step: " + step + " (expected: >= 1)");
        }
        return new WeightMatrix(
                stored,
                firstRow,
                rows,
                firstColumn + first * columnStep,
                columnStep * step,
                blocks(columns - first, step));
    }

    /**
     * Returns the matrix {@code [in, out]} that this weight widens to, of the type that its format is computed in.
     *
     * @throws IllegalArgumentException if that has more elements than a matrix can have
     */
    public Matrix toMatrix() {
        return format() == WeightFormat.FLOAT64 ? doubles() : floats();
    }

    private Matrix doubles() {
        double[] values = new double[Shapes.elements(rows, columns)];
        double[] column = new double[rows];
        for (int j = 0; j < columns; j++) {
            copyColumn(j, column);
            for (int k = 0; k < rows; k++) {
                values[k * columns + j] = column[k];
            }
        }
        return Matrix.wrap(rows, columns, values);
    }

    private Matrix floats() {
        float[] values = new float[Shapes.elements(rows, columns)];
        float[] column = new float[rows];
        for (int j = 0; j < columns; j++) {
            copyNumbers(j, column);
            for (int k = 0; k < rows; k++) {
                values[k * columns + j] = column[k];
            }
        }
        return Matrix.wrap(rows, columns, values);
    }

    /** Copies the numbers of a column, widened or rounded to float32. */
    void copyNumbers(int column, float[] numbers) {
        if (format() == WeightFormat.FLOAT64) {
            double[] doubles = new double[rows];
            copyColumn(column, doubles);
            for (int k = 0; k < rows; k++) {
                numbers[k] = (float) doubles[k];
            }
            return;
        }
        int[] codes = new int[rows];
        copyCodes(column, codes, 0);
        switch (format()) {
            case FLOAT32 -> {
                for (int k = 0; k < rows; k++) {
                    numbers[k] = Float.intBitsToFloat(codes[k]);
                }
            }
            case BF16 -> {
                for (int k = 0; k < rows; k++) {
                    numbers[k] = Float.intBitsToFloat(codes[k] << 16);
                }
            }
            default -> {
                WeightFormat format = format();
                for (int k = 0; k < rows; k++) {
                    float widened = format.widen(codes[k]);
                    numbers[k] = format.scaled() ? widened * scale(k, column) : widened;
                }
            }
        }
    }

    /** Returns how many elements are NaN or infinite. */
    public long nonFinite() {
        if (format() == WeightFormat.FLOAT64 || format().scaled()) {
            return widenedNonFinite();
        }
        int exponent = format().exponentMask();
        int[] codes = new int[rows];
        long found = 0;
        for (int j = 0; j < columns; j++) {
            copyCodes(j, codes, 0);
            int inColumn = 0;
            for (int code : codes) {
                inColumn += (code & exponent) == exponent ? 1 : 0;
            }
            found += inColumn;
        }
        return found;
    }

    private long widenedNonFinite() {
        long found = 0;
        for (int j = 0; j < columns; j++) {
            double[] column = columnRange(j, j + 1).toMatrix().toDoubleArray();
            for (double element : column) {
                found += Double.isFinite(element) ? 0 : 1;
            }
        }
        return found;
    }

    /** Copies the codes of a column, which are the bits of its numbers where they are FLOAT32, to {@code codes} from {@code to} on. */
    void copyCodes(int column, int[] codes, int to) {
        stored.copyCodes(place(column), rows, codes, to);
    }

    /** Copies a column of FLOAT64. */
    void copyColumn(int column, double[] target) {
        stored.copyDoubles(place(column), rows, target);
    }

    private int place(int column) {
        return firstRow * stored.rowStep() + (firstColumn + column * columnStep) * stored.columnStep();
    }

    /** Returns the scale of an element; only where the format has scales. */
    float scale(int row, int column) {
        int group = (firstRow + row) / format().scaledInputs();
        int block = (firstColumn + column * columnStep) / format().scaledOutputs();
        return stored.scales()[group * stored.scaleRowStep() + block * stored.scaleColumnStep()];
    }

    @Override
    public String toString() {
        return format() + " weight [" + rows + ", " + columns + "]";
    }
}
