package org.expertgrid.kernels;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A dense row-major matrix that is still being written: where results are put together before they become a
 * {@link Matrix}.
 *
 * <p>Threads may write different elements at the same time; nothing else is synchronised.
 */
public final class MatrixBuffer {
    private static final int ADDED_AT_ONCE = 1024;

    private final int rows;
    private final int columns;
    private final double[] doubles;
    private final float[] floats;

    private MatrixBuffer(int rows, int columns, double[] doubles, float[] floats) {
        this.rows = rows;
        this.columns = columns;
        this.doubles = doubles;
        this.floats = floats;
    }

    /** Returns a buffer of zeros. */
    public static MatrixBuffer allocate(ElementType type, int rows, int columns) {
        int elements = Shapes.elements(rows, columns);
        return switch (type) {
            case FLOAT64 -> new MatrixBuffer(rows, columns, new double[elements], null);
            case FLOAT32 -> new MatrixBuffer(rows, columns, null, new float[elements]);
        };
    }

    /** Returns how many rows there are. */
    public int rows() {
        return rows;
    }

    /** Returns how many columns there are. */
    public int columns() {
        return columns;
    }

    /** Returns what this buffer holds. */
    public ElementType elementType() {
        return doubles != null ? ElementType.FLOAT64 : ElementType.FLOAT32;
    }

    /** Returns what has been written, without a copy: this buffer must not be written any more. */
    public Matrix toMatrix() {
        return doubles != null ? Matrix.wrap(rows, columns, doubles) : Matrix.wrap(rows, columns, floats);
    }

    /**
     * Copies {@code count} elements of one row of {@code source} into one row of this buffer.
     *
     * @throws IndexOutOfBoundsException if one of the two has no such row or columns
     * @throws IllegalArgumentException if the element types differ
     */
    public void copy(Matrix source, int sourceRow, int sourceColumn, int row, int column, int count) {
        Shapes.sameType("source", source.elementType(), elementType());
        Shapes.range("source row", sourceRow, sourceRow + 1, source.rows());
        Shapes.range("source columns", sourceColumn, sourceColumn + count, source.columns());
        Shapes.range("row", row, row + 1, rows);
        Shapes.range("columns", column, column + count, columns);
        int from = sourceRow * source.columns() + sourceColumn;
        int to = row * columns + column;
        if (doubles != null) {
            System.arraycopy(source.doubles(), from, doubles, to, count);
        } else {
            System.arraycopy(source.floats(), from, floats, to, count);
        }
    }

    /**
     * Puts {@code source}, which has as many rows as this buffer, into the columns from {@code column} on.
     *
     * @throws IllegalArgumentException if it has another number of rows, or another element type
     * @throws IndexOutOfBoundsException if it is too wide
     */
    public void copyColumns(Matrix source, int column) {
        Shapes.equal("source rows", source.rows(), "rows", rows);
        for (int row = 0; row < rows; row++) {
            copy(source, row, 0, row, column, source.columns());
        }
    }

    /**
     * Puts {@code source}, which is as wide as this buffer, into the rows from {@code row} on.
     *
     * @throws IllegalArgumentException if it has another width or element type
     * @throws IndexOutOfBoundsException if it has too many rows
     */
    public void copyRows(Matrix source, int row) {
        checkRows(source, row);
        if (doubles != null) {
            System.arraycopy(source.doubles(), 0, doubles, row * columns, source.rows() * columns);
        } else {
            System.arraycopy(source.floats(), 0, floats, row * columns, source.rows() * columns);
        }
    }

    /**
     * Adds {@code gates[i] * source[i]} to row {@code rows[i]} of this buffer, for every row of {@code source}.
     *
     * @throws IllegalArgumentException if {@code source} has not one row a gate, this buffer's width, and its type
     */
    public void addGated(Matrix source, GatedRows gated) {
        Shapes.equal("source rows", source.rows(), "gated rows", gated.count());
        Shapes.equal("source columns", source.columns(), "columns", columns);
        Shapes.sameType("source", source.elementType(), elementType());
        Target sum = gatedSum(gated);
        if (doubles != null) {
            sum.put(source.doubles(), 0, columns, 0, 0, source.rows(), columns, RowLoops.PLAIN);
        } else {
            sum.put(source.floats(), 0, columns, 0, 0, source.rows(), columns, RowLoops.PLAIN);
        }
    }

    /**
     * Adds {@code source}, which is as wide as this buffer, to the rows from {@code row} on.
     *
     * @throws IllegalArgumentException if it has another width or element type
     * @throws IndexOutOfBoundsException if it has too many rows
     */
    public void addRows(Matrix source, int row) {
        checkRows(source, row);
        int count = source.rows() * columns;
        if (doubles != null) {
            RowLoops.PLAIN.add(source.doubles(), 0, doubles, row * columns, count);
        } else {
            RowLoops.PLAIN.add(source.floats(), 0, floats, row * columns, count);
        }
    }

    /**
     * Puts rows that {@link Matrix#putInto} wrote, from the buffer's position on, into the rows from {@code row} on.
     *
     * @throws IndexOutOfBoundsException if there are fewer rows here
     * @throws java.nio.BufferUnderflowException if there are fewer in {@code source}
     */
    public void copyRows(ByteBuffer source, int count, int row) {
        Shapes.range("rows", row, row + count, rows);
        if (doubles != null) {
            source.asDoubleBuffer().get(doubles, row * columns, count * columns);
        } else {
            source.asFloatBuffer().get(floats, row * columns, count * columns);
        }
    }

    /**
     * Adds rows that {@link Matrix#putInto} wrote, from the buffer's position on, to the rows from {@code row} on.
     *
     * @throws IndexOutOfBoundsException if there are fewer rows here
     * @throws java.nio.BufferUnderflowException if there are fewer in {@code source}
     */
    public void addRows(ByteBuffer source, int count, int row) {
        Shapes.range("rows", row, row + count, rows);
        int end = (row + count) * columns;
        // In pieces that stay in the nearest cache: element by element, a buffer is not read in vectors.
        if (doubles != null) {
            DoubleBuffer values = source.asDoubleBuffer();
            double[] piece = new double[ADDED_AT_ONCE];
            for (int from = row * columns, added; from < end; from += added) {
                added = Math.min(ADDED_AT_ONCE, end - from);
                values.get(piece, 0, added);
                RowLoops.PLAIN.add(piece, 0, doubles, from, added);
            }
        } else {
            FloatBuffer values = source.asFloatBuffer();
            float[] piece = new float[ADDED_AT_ONCE];
            for (int from = row * columns, added; from < end; from += added) {
                added = Math.min(ADDED_AT_ONCE, end - from);
                values.get(piece, 0, added);
                RowLoops.PLAIN.add(piece, 0, floats, from, added);
            }
        }
    }

    /**
     * Sets rows {@code fromRow} to {@code toRow} of columns {@code fromColumn} to {@code toColumn} to zero.
     *
     * @throws IndexOutOfBoundsException if this buffer has no such rows or columns
     */
    public void clear(int fromRow, int toRow, int fromColumn, int toColumn) {
        Shapes.range("rows", fromRow, toRow, rows);
        Shapes.range("columns", fromColumn, toColumn, columns);
        for (int row = fromRow; row < toRow; row++) {
            if (doubles != null) {
                Arrays.fill(doubles, row * columns + fromColumn, row * columns + toColumn, 0);
            } else {
                Arrays.fill(floats, row * columns + fromColumn, row * columns + toColumn, 0);
            }
        }
    }

    /**
     * Adds rows {@code fromRow} to {@code toRow} of columns {@code fromColumn} to {@code toColumn} of {@code source}, which is as wide as
     * this buffer, to the same rows and columns of this buffer.
     *
     * @throws IllegalArgumentException if it has another width or element type
     * @throws IndexOutOfBoundsException if one of the two has no such rows or columns
     */
    public void add(MatrixBuffer source, int fromRow, int toRow, int fromColumn, int toColumn) {
        Shapes.sameType("source", source.elementType(), elementType());
        Shapes.equal("source columns", source.columns, "columns", columns);
        Shapes.range("rows", fromRow, toRow, Math.min(rows, source.rows));
        Shapes.range("columns", fromColumn, toColumn, columns);
        for (int row = fromRow; row < toRow; row++) {
            int first = row * columns + fromColumn;
            if (doubles != null) {
                RowLoops.PLAIN.add(source.doubles, first, doubles, first, toColumn - fromColumn);
            } else {
                RowLoops.PLAIN.add(source.floats, first, floats, first, toColumn - fromColumn);
            }
        }
    }

    private void checkRows(Matrix source, int row) {
        Shapes.sameType("source", source.elementType(), elementType());
        Shapes.equal("source columns", source.columns(), "columns", columns);
        Shapes.range("rows", row, row + source.rows(), rows);
    }

    /**
     * Returns the target that stores a product {@code width} columns wide into this buffer's columns from {@code column}
     * on.
     *
     * @throws IndexOutOfBoundsException if this buffer has no such columns
     */
    public Target store(int column, int width) {
        Shapes.range("columns", column, column + width, columns);
        return new Store(this, column, width);
    }

    /**
     * Returns the target that adds each row of a product, times its gate, to its row of this buffer. The factor is
     * rounded to the buffer's element type; product and sum are rounded one after the other.
     *
     * @throws IndexOutOfBoundsException if this buffer has no such rows
     */
    public Target gatedSum(GatedRows gated) {
        if (gated.count() > 0) {
            Shapes.range("gated rows", 0, gated.rows()[gated.count() - 1] + 1, rows);
        }
        return new GatedSum(this, gated);
    }

    static final class Store extends Target {
        private final MatrixBuffer buffer;
        private final int first;
        private final int width;

        private Store(MatrixBuffer buffer, int first, int width) {
            this.buffer = buffer;
            this.first = first;
            this.width = width;
        }

        @Override
        public ElementType elementType() {
            return buffer.elementType();
        }

        @Override
        public int rows() {
            return buffer.rows;
        }

        @Override
        public int columns() {
            return width;
        }

        @Override
        public void put(
                double[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops) {
            for (int i = 0; i < rows; i++) {
                int to = (row + i) * buffer.columns + first + column;
                System.arraycopy(tile, from + i * stride, buffer.doubles, to, columns);
            }
        }

        @Override
        public void put(
                float[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops) {
            for (int i = 0; i < rows; i++) {
                int to = (row + i) * buffer.columns + first + column;
                System.arraycopy(tile, from + i * stride, buffer.floats, to, columns);
            }
        }
    }

    static final class GatedSum extends Target {
        private final MatrixBuffer buffer;
        private final GatedRows gated;

        private GatedSum(MatrixBuffer buffer, GatedRows gated) {
            this.buffer = buffer;
            this.gated = gated;
        }

        @Override
        public ElementType elementType() {
            return buffer.elementType();
        }

        @Override
        public int rows() {
            return gated.count();
        }

        @Override
        public int columns() {
            return buffer.columns;
        }

        @Override
        public void put(
                double[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops) {
            for (int i = 0; i < rows; i++) {
                int to = gated.rows()[row + i] * buffer.columns + column;
                loops.addScaled(tile, from + i * stride, gated.gates()[row + i], buffer.doubles, to, columns);
            }
        }

        @Override
        public void put(
                float[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops) {
            for (int i = 0; i < rows; i++) {
                int to = gated.rows()[row + i] * buffer.columns + column;
                loops.addScaled(tile, from + i * stride, (float) gated.gates()[row + i], buffer.floats, to, columns);
            }
        }
    }
}
