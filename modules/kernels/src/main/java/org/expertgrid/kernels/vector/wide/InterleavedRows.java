package org.expertgrid.kernels.vector.wide;

import java.util.Arrays;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedRows;
import org.expertgrid.kernels.RowLoops;
import org.expertgrid.kernels.Shapes;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.packed.RowMajorRows;

/**
 * Rows in groups of four, column by column within a group, so that a kernel finds the four numbers that it needs next
 * beside each other, and widths that are powers of two do not press all rows into one set of the cache.
 *
 * <pre>
 *   rows 0 to 3: k = 0 [r0 r1 r2 r3]  k = 1 [r0 r1 r2 r3] ..   rows 4 to 7: k = 0 [r4 r5 r6 r7] ..
 * </pre>
 *
 * Places of the last group that have no row are zeros: they are multiplied with the others, and the result
 * is not used. Public only because rooms are apart.
 */
public final class InterleavedRows extends PackedRows {
    /** How many rows a group has. */
    public static final int GROUP = 4;

    /** The name of the kernels that the rows are for. */
    public static final String KERNELS = "vector";

    private final ElementType type;
    private int rows;
    private int width;
    private double[] doubles = {};
    private float[] floats = {};
    /** The rows as products with W8A8 or W4A8 have narrowed them; null after a row has changed. */
    private volatile NarrowedRows narrowed;

    public InterleavedRows(ElementType type) {
        this.type = type;
    }

    @Override
    public void reset(int rows, int width) {
        int groups = (Shapes.notNegative("rows", rows) + GROUP - 1) / GROUP;
        int elements = Shapes.elements(Math.multiplyExact(groups, GROUP), width);
        this.rows = rows;
        this.width = width;
        narrowed = null;
        int from = rows % GROUP == 0 ? elements : (groups - 1) * GROUP * width;
        switch (type) {
            case FLOAT64 -> {
                doubles = doubles.length < elements ? new double[elements] : doubles;
                Arrays.fill(doubles, from, elements, 0.0);
            }
            case FLOAT32 -> {
                floats = floats.length < elements ? new float[elements] : floats;
                Arrays.fill(floats, from, elements, 0.0f);
            }
        }
    }

    /** Returns where element {@code [row, column]} is. */
    public int index(int row, int column) {
        return (row - row % GROUP) * width + column * GROUP + row % GROUP;
    }

    public double[] doubles() {
        return doubles;
    }

    public float[] floats() {
        return floats;
    }

    /** Returns the rows as products with weights of that layout narrow them; to be asked for again after a row has changed. */
    public NarrowedRows narrowed(TileLayout layout) {
        NarrowedRows known = narrowed;
        return known != null && known.isFor(layout) ? known : narrow(layout);
    }

    private synchronized NarrowedRows narrow(TileLayout layout) {
        if (narrowed == null || !narrowed.isFor(layout)) {
            narrowed = new NarrowedRows(this, layout);
        }
        return narrowed;
    }

    /** Forgets what was made of the rows, before one changes. */
    private void change() {
        if (narrowed != null) {
            narrowed = null;
        }
    }

    public void gather(Matrix x, int[] selection, int from, int to) {
        change();
        int row = from;
        while (row < to) {
            boolean whole = row % GROUP == 0 && to - row >= GROUP;
            if (whole) {
                gatherGroup(x, selection, row);
            } else {
                gatherRow(x, selection[row], row);
            }
            row += whole ? GROUP : 1;
        }
    }

    /** Returns the same rows for the kernels of that name, which read rows one after the other; only those of a range are filled. */
    public RowMajorRows rowMajor(String kernels, int from, int to) {
        RowMajorRows copy = new RowMajorRows(kernels, type);
        copy.reset(rows, width);
        for (int row = from; row < to; row++) {
            int source = index(row, 0);
            int target = copy.index(row);
            for (int k = 0; k < width; k++) {
                switch (type) {
                    case FLOAT64 -> copy.doubles()[target + k] = doubles[source + k * GROUP];
                    case FLOAT32 -> copy.floats()[target + k] = floats[source + k * GROUP];
                }
            }
        }
        return copy;
    }

    private void gatherGroup(Matrix x, int[] selection, int row) {
        switch (type) {
            case FLOAT64 -> interleave(x.doubles(), selection, row);
            case FLOAT32 -> interleave(x.floats(), selection, row);
        }
    }

    private void gatherRow(Matrix x, int source, int row) {
        switch (type) {
            case FLOAT64 -> spread(x.doubles(), source * width, row, 0, width);
            case FLOAT32 -> spread(x.floats(), source * width, row, 0, width);
        }
    }

    private void interleave(double[] source, int[] selection, int row) {
        int first = selection[row] * width;
        int second = selection[row + 1] * width;
        int third = selection[row + 2] * width;
        int fourth = selection[row + 3] * width;
        int to = row * width;
        for (int k = 0; k < width; k++) {
            doubles[to + 4 * k] = source[first + k];
            doubles[to + 4 * k + 1] = source[second + k];
            doubles[to + 4 * k + 2] = source[third + k];
            doubles[to + 4 * k + 3] = source[fourth + k];
        }
    }

    private void interleave(float[] source, int[] selection, int row) {
        int first = selection[row] * width;
        int second = selection[row + 1] * width;
        int third = selection[row + 2] * width;
        int fourth = selection[row + 3] * width;
        int to = row * width;
        for (int k = 0; k < width; k++) {
            floats[to + 4 * k] = source[first + k];
            floats[to + 4 * k + 1] = source[second + k];
            floats[to + 4 * k + 2] = source[third + k];
            floats[to + 4 * k + 3] = source[fourth + k];
        }
    }

    private void spread(double[] source, int from, int row, int column, int count) {
        int to = index(row, column);
        for (int j = 0; j < count; j++) {
            doubles[to + j * GROUP] = source[from + j];
        }
    }

    private void spread(float[] source, int from, int row, int column, int count) {
        int to = index(row, column);
        for (int j = 0; j < count; j++) {
            floats[to + j * GROUP] = source[from + j];
        }
    }

    @Override
    public void put(double[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops) {
        for (int i = 0; i < rows; i++) {
            spread(tile, from + i * stride, row + i, column, columns);
        }
    }

    @Override
    public void put(float[] tile, int from, int stride, int row, int column, int rows, int columns, RowLoops loops) {
        change();
        for (int i = 0; i < rows; i++) {
            spread(tile, from + i * stride, row + i, column, columns);
        }
    }

    @Override
    public String kernels() {
        return KERNELS;
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
}
