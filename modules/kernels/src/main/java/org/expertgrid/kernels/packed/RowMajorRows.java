package org.expertgrid.kernels.packed;

import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedRows;
import org.expertgrid.kernels.RowLoops;
import org.expertgrid.kernels.Shapes;

/**
 * Rows one after the other, as in a matrix, but for a gap between them: kernels read several rows side by side, and where
 * the width is a power of two, all of them would share a few sets of the cache. Public only because rooms are apart.
 */
public final class RowMajorRows extends PackedRows {
    private static final int GAP_BYTES = 64;

    private final String kernels;
    private final ElementType type;
    private int rows;
    private int width;
    private double[] doubles = {};
    private float[] floats = {};

    /** Returns working memory for the kernels of that name. */
    public RowMajorRows(String kernels, ElementType type) {
        this.kernels = kernels;
        this.type = type;
    }

    @Override
    public void reset(int rows, int width) {
        int elements =
                Shapes.elements(rows, Math.addExact(Shapes.notNegative("columns", width), GAP_BYTES / type.bytes()));
        this.rows = rows;
        this.width = width;
        switch (type) {
            case FLOAT64 -> doubles = doubles.length < elements ? new double[elements] : doubles;
            case FLOAT32 -> floats = floats.length < elements ? new float[elements] : floats;
        }
    }

    /** Fills rows {@code from} to {@code to}: row {@code i} becomes row {@code selection[i]} of {@code x}. */
    public void gather(Matrix x, int[] selection, int from, int to) {
        for (int row = from; row < to; row++) {
            switch (type) {
                case FLOAT64 -> System.arraycopy(x.doubles(), selection[row] * width, doubles, index(row), width);
                case FLOAT32 -> System.arraycopy(x.floats(), selection[row] * width, floats, index(row), width);
            }
        }
    }

    /** Returns where a row begins. */
    public int index(int row) {
        return row * stride();
    }

    /** Returns how far behind a row the next begins. */
    public int stride() {
        return width + GAP_BYTES / type.bytes();
    }

    /** The elements of FLOAT64. */
    public double[] doubles() {
        return doubles;
    }

    /** The elements of FLOAT32. */
    public float[] floats() {
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
    public void put(double[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(tile, from + i * stride, doubles, index(row + i) + column, columns);
        }
    }

    @Override
    public void put(float[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(tile, from + i * stride, floats, index(row + i) + column, columns);
        }
    }
}
