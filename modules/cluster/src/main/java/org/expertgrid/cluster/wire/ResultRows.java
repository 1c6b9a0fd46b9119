package org.expertgrid.cluster.wire;

import java.nio.ByteBuffer;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.MatrixBuffer;

/**
 * The rows that a worker answers: computed here, or as they came from another member, still encoded so that they are put where they
 * belong without a matrix in between.
 *
 * @param elementType what the elements are
 * @param rows how many rows
 * @param columns their width
 * @param computed the rows, or null where they are encoded
 * @param encoded the elements at the buffer's position, or null where they are computed
 */
public record ResultRows(ElementType elementType, int rows, int columns, Matrix computed, ByteBuffer encoded) {
    static ResultRows of(Matrix computed) {
        return new ResultRows(computed.elementType(), computed.rows(), computed.columns(), computed, null);
    }

    public Matrix matrix() {
        return computed != null ? computed : Matrix.getFrom(copy(), elementType, rows, columns);
    }

    /** Returns rows {@code from} to {@code to}, which are not copied where they are encoded. */
    public ResultRows rowRange(int from, int to) {
        if (from == 0 && to == rows) {
            return this;
        }
        if (computed != null) {
            return of(computed.rowRange(from, to));
        }
        int rowBytes = columns * elementType.bytes();
        ByteBuffer part = copy();
        part.position(encoded.position() + from * rowBytes).limit(encoded.position() + to * rowBytes);
        return new ResultRows(elementType, to - from, columns, null, part);
    }

    /** Puts the rows into those of {@code y} from {@code row} on. */
    public void copyTo(MatrixBuffer y, int row) {
        if (computed != null) {
            y.copyRows(computed, row);
        } else {
            y.copyRows(copy(), rows, row);
        }
    }

    /** Adds the rows to those of {@code y} from {@code row} on. */
    public void addTo(MatrixBuffer y, int row) {
        if (computed != null) {
            y.addRows(computed, row);
        } else {
            y.addRows(copy(), rows, row);
        }
    }

    private ByteBuffer copy() {
        return encoded.duplicate().order(encoded.order());
    }

    @Override
    public String toString() {
        return elementType + "[" + rows + " x " + columns + "]";
    }
}
