package org.expertgrid.kernels;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An immutable dense matrix in row-major order, of either {@link ElementType}.
 *
 * <p>Rows are tokens where the matrix holds activations; a weight is {@code [in, out]} and a bias is {@code [1, out]}.
 * Zero rows and zero columns are legal. {@link #of} copies the array it is given; {@link #wrap} does not, and leaves it
 * to the caller that the array never changes again.
 *
 * <p>Safe for use by many threads.
 */
public final class Matrix {
    /** The most elements that a matrix can have: as many as every JVM lets a Java array hold. */
    public static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;

    private final int rows;
    private final int columns;
    private final double[] doubles;
    private final float[] floats;

    private Matrix(int rows, int columns, double[] doubles, float[] floats) {
        this.rows = rows;
        this.columns = columns;
        this.doubles = doubles;
        this.floats = floats;
    }

    /**
     * Returns how many elements a matrix of that shape has.
     *
     * @throws IllegalArgumentException if one is negative, or there are more than {@link #MOST_ELEMENTS}
     */
    public static int elements(int rows, int columns) {
        return Shapes.elements(rows, columns);
    }

    /**
     * Returns a FLOAT64 matrix over a copy of {@code values}, {@code rows * columns} of them, row after row.
     *
     * @throws IllegalArgumentException if there are more or fewer of them, or {@link #elements} refuses the shape
     */
    public static Matrix of(int rows, int columns, double... values) {
        return wrap(rows, columns, values.clone());
    }

    /**
     * Returns a FLOAT32 matrix over a copy of {@code values}, {@code rows * columns} of them, row after row.
     *
     * @throws IllegalArgumentException if there are more or fewer of them, or {@link #elements} refuses the shape
     */
    public static Matrix of(int rows, int columns, float... values) {
        return wrap(rows, columns, values.clone());
    }

    /**
     * Returns a FLOAT64 matrix over {@code values} themselves, which must not change any more.
     *
     * @throws IllegalArgumentException if there are not {@code rows * columns} of them, or {@link #elements} refuses the shape
     */
    public static Matrix wrap(int rows, int columns, double[] values) {
        Shapes.equal("values", values.length, "rows x columns", Shapes.elements(rows, columns));
        return new Matrix(rows, columns, values, null);
    }

    /**
     * Returns a FLOAT32 matrix over {@code values} themselves, which must not change any more.
     *
     * @throws IllegalArgumentException if there are not {@code rows * columns} of them, or {@link #elements} refuses the shape
     */
    public static Matrix wrap(int rows, int columns, float[] values) {
        Shapes.equal("values", values.length, "rows x columns", Shapes.elements(rows, columns));
        return new Matrix(rows, columns, null, values);
    }

    /**
     * Returns a matrix of zeros.
     *
     * @throws IllegalArgumentException if {@link #elements} refuses the shape
     */
    public static Matrix zeros(ElementType type, int rows, int columns) {
        int elements = Shapes.elements(rows, columns);
        return switch (type) {
            case FLOAT64 -> wrap(rows, columns, new double[elements]);
            case FLOAT32 -> wrap(rows, columns, new float[elements]);
        };
    }

    /**
     * Returns the matrix that {@link #putInto} wrote, from the buffer's position on, in the buffer's byte order.
     *
     * @throws BufferUnderflowException if the buffer holds less than {@code rows * columns} elements; nothing
     *     is allocated in that case
     * @throws IllegalArgumentException if {@link #elements} refuses the shape
     */
    public static Matrix getFrom(ByteBuffer buffer, ElementType type, int rows, int columns) {
        int elements = Shapes.elements(rows, columns);
        if ((long) elements * type.bytes() > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        Matrix matrix;
        switch (type) {
            case FLOAT64 -> {
                double[] values = new double[elements];
                buffer.asDoubleBuffer().get(values);
                matrix = wrap(rows, columns, values);
            }
            case FLOAT32 -> {
                float[] values = new float[elements];
                buffer.asFloatBuffer().get(values);
                matrix = wrap(rows, columns, values);
            }
            default -> throw new AssertionError(type);
        }
        buffer.position(buffer.position() + elements * type.bytes());
        return matrix;
    }

    /** Returns how many rows there are. */
    public int rows() {
        return rows;
    }

    /** Returns how many columns there are. */
    public int columns() {
        return columns;
    }

    /** Returns what this matrix holds. */
    public ElementType elementType() {
        return doubles != null ? ElementType.FLOAT64 : ElementType.FLOAT32;
    }

    /** Returns the size of the elements in bytes, which is what {@link #putInto} writes. */
    public long bytes() {
        return (long) rows * columns * elementType().bytes();
    }

    /**
     * Returns one element, widened to double where the matrix is FLOAT32.
     *
     * @throws IndexOutOfBoundsException if it has no such row or column
     */
    public double get(int row, int column) {
        Shapes.range("row", row, row + 1, rows);
        Shapes.range("column", column, column + 1, columns);
        int index = row * columns + column;
        return doubles != null ? doubles[index] : floats[index];
    }

    /**
     * Copies one row into the first {@code columns()} places of {@code target}, widened to double.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or {@code target} is shorter
     */
    public void copyRow(int row, double[] target) {
        Shapes.range("row", row, row + 1, rows);
        int start = row * columns;
        if (doubles != null) {
            System.arraycopy(doubles, start, target, 0, columns);
        } else {
            for (int i = 0; i < columns; i++) {
                target[i] = floats[start + i];
            }
        }
    }

    /**
     * Copies a block on its side, widened to double: element (r, c) of the block goes to {@code target[c][r]}.
     *
     * @throws IndexOutOfBoundsException if some of the block is outside of this matrix, or {@code target} is smaller
     */
    public void copyTransposed(int fromRow, int toRow, int fromColumn, int toColumn, double[][] target) {
        Shapes.range("rows", fromRow, toRow, rows);
        Shapes.range("columns", fromColumn, toColumn, columns);
        for (int row = 0; row < toRow - fromRow; row++) {
            int start = (fromRow + row) * columns + fromColumn;
            for (int column = 0; column < toColumn - fromColumn; column++) {
                target[column][row] = doubles != null ? doubles[start + column] : floats[start + column];
            }
        }
    }

    /** Returns all elements in a new array, row after row, widened to double where the matrix is FLOAT32. */
    public double[] toDoubleArray() {
        if (doubles != null) {
            return doubles.clone();
        }
        double[] values = new double[floats.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = floats[i];
        }
        return values;
    }

    /** Returns all elements in a new array, row after row, rounded to float where the matrix is FLOAT64. */
    public float[] toFloatArray() {
        if (floats != null) {
            return floats.clone();
        }
        float[] values = new float[doubles.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) doubles[i];
        }
        return values;
    }

    /** Returns this matrix with elements of {@code type}: itself where it has them already, otherwise rounded or widened. */
    public Matrix to(ElementType type) {
        if (type == elementType()) {
            return this;
        }
        return switch (type) {
            case FLOAT64 -> wrap(rows, columns, toDoubleArray());
            case FLOAT32 -> wrap(rows, columns, toFloatArray());
        };
    }

    /**
     * Returns the given rows, in the given order, as a new matrix.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public Matrix selectRows(int... selection) {
        MatrixBuffer selected = MatrixBuffer.allocate(elementType(), selection.length, columns);
        for (int i = 0; i < selection.length; i++) {
            Shapes.range("row", selection[i], selection[i] + 1, rows);
            selected.copy(this, selection[i], 0, i, 0, columns);
        }
        return selected.toMatrix();
    }

    /**
     * Returns rows {@code from} (inclusive) to {@code to} (exclusive) as a new matrix.
     *
     * @throws IndexOutOfBoundsException if they are not within 0 to {@code rows()}, in this order
     */
    public Matrix rowRange(int from, int to) {
        Shapes.range("rows", from, to, rows);
        return doubles != null
                ? wrap(to - from, columns, Arrays.copyOfRange(doubles, from * columns, to * columns))
                : wrap(to - from, columns, Arrays.copyOfRange(floats, from * columns, to * columns));
    }

    /**
     * Returns columns {@code from} (inclusive) to {@code to} (exclusive) as a new matrix.
     *
     * @throws IndexOutOfBoundsException if they are not within 0 to {@code columns()}, in this order
     */
    public Matrix columnRange(int from, int to) {
        Shapes.range("columns", from, to, columns);
        MatrixBuffer slice = MatrixBuffer.allocate(elementType(), rows, to - from);
        for (int row = 0; row < rows; row++) {
            slice.copy(this, row, from, row, 0, to - from);
        }
        return slice.toMatrix();
    }

    /**
     * Writes all elements at the buffer's position, row after row, in the buffer's byte order, and moves the position.
     *
     * @throws java.nio.BufferOverflowException if fewer than {@link #bytes} remain; nothing is written in that case
     */
    public void putInto(ByteBuffer buffer) {
        if (doubles != null) {
            buffer.asDoubleBuffer().put(doubles);
        } else {
            buffer.asFloatBuffer().put(floats);
        }
        buffer.position(buffer.position() + Math.toIntExact(bytes()));
    }

    /**
     * The elements themselves, row after row; only for a FLOAT64 matrix. Public only because rooms are apart: not to be
     * written.
     */
    public double[] doubles() {
        Shapes.sameType("elementType", elementType(), ElementType.FLOAT64);
        return doubles;
    }

    /**
     * The elements themselves, row after row; only for a FLOAT32 matrix. Public only because rooms are apart: not to be
     * written.
     */
    public float[] floats() {
        Shapes.sameType("elementType", elementType(), ElementType.FLOAT32);
        return floats;
    }

    /** Equal are matrices of one shape and type with equal elements, as {@link Arrays#equals(double[], double[])} has it. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Matrix that
                && rows == that.rows
                && columns == that.columns
                && Arrays.equals(doubles, that.doubles)
                && Arrays.equals(floats, that.floats);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * rows + columns) + (doubles != null ? Arrays.hashCode(doubles) : Arrays.hashCode(floats));
    }

    @Override
    public String toString() {
        return elementType() + "[" + rows + " x " + columns + "]";
    }
}
