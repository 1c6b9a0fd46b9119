package org.expertgrid.kernels;

/** Rows as they are in a matrix, one after the other: what kernels read that need no other order. */
final class RowMajorRows extends PackedRows {
    private final String kernels;
    private final ElementType type;
    private int rows;
    private int width;
    private double[] doubles = {};
    private float[] floats = {};

    RowMajorRows(String kernels, ElementType type) {
        this.kernels = kernels;
        this.type = type;
    }

    @Override
    public void reset(int rows, int width) {
        int elements = Shapes.elements(rows, width);
        this.rows = rows;
        this.width = width;
        switch (type) {
            case FLOAT64 -> doubles = doubles.length < elements ? new double[elements] : doubles;
            case FLOAT32 -> floats = floats.length < elements ? new float[elements] : floats;
        }
    }

    void gather(Matrix x, int[] selection, int from, int to) {
        for (int row = from; row < to; row++) {
            switch (type) {
                case FLOAT64 -> System.arraycopy(x.doubles(), selection[row] * width, doubles, row * width, width);
                case FLOAT32 -> System.arraycopy(x.floats(), selection[row] * width, floats, row * width, width);
            }
        }
    }

    /** Row {@code i} begins at {@code i * columns()}; there may be more behind the last. */
    double[] doubles() {
        return doubles;
    }

    /** Row {@code i} begins at {@code i * columns()}; there may be more behind the last. */
    float[] floats() {
        return floats;
    }

    @Override
    public String kernels() {
        return kernels;
    }

    @Override
    public ElementType elementType() {
        return type;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return width;
    }

    @Override
    void put(double[] tile, int stride, int row, int column, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(tile, i * stride, doubles, (row + i) * width + column, columns);
        }
    }

    @Override
    void put(float[] tile, int stride, int row, int column, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(tile, i * stride, floats, (row + i) * width + column, columns);
        }
    }
}
