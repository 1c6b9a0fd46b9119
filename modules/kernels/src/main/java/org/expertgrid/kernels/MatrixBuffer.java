package org.expertgrid.kernels;

/**
 * A dense row-major matrix that is still being written: where results are put together before they become a
 * {@link Matrix}.
 *
 * <p>Threads may write different elements at the same time; nothing else is synchronised.
 */
public final class MatrixBuffer {
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

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public ElementType elementType() {
        return doubles != null ? ElementType.FLOAT64 : ElementType.FLOAT32;
    }

    /** Returns what has been written, without a copy: this buffer must not be written any more. */
    public Matrix toMatrix() {
        return doubles != null ? Matrix.wrap(rows, columns, doubles) : Matrix.wrap(rows, columns, floats);
    }

    /** Copies {@code count} elements of one row of {@code source} into one row of this buffer. */
    public void copy(Matrix source, int sourceRow, int sourceColumn, int row, int column, int count) {
        Shapes.range("source columns", sourceColumn, sourceColumn + count, source.columns());
        Shapes.range("columns", column, column + count, columns);
        int from = sourceRow * source.columns() + sourceColumn;
        int to = row * columns + column;
        if (doubles != null) {
            System.arraycopy(source.doubles(), from, doubles, to, count);
        } else {
            System.arraycopy(source.floats(), from, floats, to, count);
        }
    }

    /** Puts {@code source}, which has as many rows as this buffer, into the columns from {@code column} on. */
    public void copyColumns(Matrix source, int column) {
        Shapes.equal("rows", source.rows(), "rows", rows);
        for (int row = 0; row < rows; row++) {
            copy(source, row, 0, row, column, source.columns());
        }
    }

    /** Puts {@code source}, which is as wide as this buffer, into the rows from {@code row} on. */
    public void copyRows(Matrix source, int row) {
        Shapes.equal("source columns", source.columns(), "columns", columns);
        Shapes.range("rows", row, row + source.rows(), rows);
        if (doubles != null) {
            System.arraycopy(source.doubles(), 0, doubles, row * columns, source.rows() * columns);
        } else {
            System.arraycopy(source.floats(), 0, floats, row * columns, source.rows() * columns);
        }
    }

    /** Adds {@code gates[i] * source[i]} to row {@code rows[i]} of this buffer, for every row of {@code source}. */
    public void addGated(Matrix source, GatedRows gated) {
        Shapes.equal("source rows", source.rows(), "gated rows", gated.count());
        Shapes.equal("source columns", source.columns(), "columns", columns);
        Shapes.sameType("source", source.elementType(), elementType());
        Target sum = gatedSum(gated);
        if (doubles != null) {
            sum.put(source.doubles(), 0, columns, 0, 0, source.rows(), columns);
        } else {
            sum.put(source.floats(), 0, columns, 0, 0, source.rows(), columns);
        }
    }

    /** Adds {@code source}, which is as wide as this buffer, to the rows from {@code row} on. */
    public void addRows(Matrix source, int row) {
        Shapes.equal("source columns", source.columns(), "columns", columns);
        Shapes.range("rows", row, row + source.rows(), rows);
        int first = row * columns;
        if (doubles != null) {
            double[] added = source.doubles();
            for (int i = 0; i < added.length; i++) {
                doubles[first + i] += added[i];
            }
        } else {
            float[] added = source.floats();
            for (int i = 0; i < added.length; i++) {
                floats[first + i] += added[i];
            }
        }
    }

    /** Returns the target that stores a product {@code width} columns wide into this buffer's columns from {@code column} on. */
    public Target store(int column, int width) {
        Shapes.range("columns", column, column + width, columns);
        return new Store(this, column, width);
    }

    /**
     * Returns the target that adds each row of a product, times its gate, to its row of this buffer. The factor is
     * rounded to the buffer's element type; product and sum are rounded one after the other.
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
        ElementType elementType() {
            return buffer.elementType();
        }

        @Override
        int rows() {
            return buffer.rows;
        }

        @Override
        int columns() {
            return width;
        }

        @Override
        void put(double[] tile, int from, int stride, int row, int column, int rows, int columns) {
            for (int i = 0; i < rows; i++) {
                int to = (row + i) * buffer.columns + first + column;
                System.arraycopy(tile, from + i * stride, buffer.doubles, to, columns);
            }
        }

        @Override
        void put(float[] tile, int from, int stride, int row, int column, int rows, int columns) {
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
        ElementType elementType() {
            return buffer.elementType();
        }

        @Override
        int rows() {
            return gated.count();
        }

        @Override
        int columns() {
            return buffer.columns;
        }

        @Override
        void put(double[] tile, int from, int stride, int row, int column, int rows, int columns) {
            for (int i = 0; i < rows; i++) {
                int to = gated.rows()[row + i] * buffer.columns + column;
                addScaled(tile, from + i * stride, gated.gates()[row + i], buffer.doubles, to, columns);
            }
        }

        @Override
        void put(float[] tile, int from, int stride, int row, int column, int rows, int columns) {
            for (int i = 0; i < rows; i++) {
                int to = gated.rows()[row + i] * buffer.columns + column;
                addScaled(tile, from + i * stride, (float) gated.gates()[row + i], buffer.floats, to, columns);
            }
        }

        private static void addScaled(double[] source, int from, double factor, double[] sum, int to, int count) {
            for (int i = 0; i < count; i++) {
                sum[to + i] += factor * source[from + i];
            }
        }

        private static void addScaled(float[] source, int from, float factor, float[] sum, int to, int count) {
            for (int i = 0; i < count; i++) {
                sum[to + i] += factor * source[from + i];
            }
        }
    }
}
