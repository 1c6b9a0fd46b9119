package org.expertgrid.kernels.ojalgo;

import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.Shapes;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R032Store;
import org.ojalgo.matrix.store.R064Store;

/** Matrices from ojAlgo, and for it. Elements are copied: what is written to one does not show in the other. */
public final class OjAlgoMatrices {
    private OjAlgoMatrices() {}

    /**
     * Returns a matrix of the same shape and elements.
     *
     * @return FLOAT32 where {@code store} holds floats ({@link R032Store}), otherwise FLOAT64
     * @throws IllegalArgumentException if it has more elements than a Java array can hold
     */
    public static Matrix fromOjAlgo(MatrixStore<Double> store) {
        int rows = Math.toIntExact(store.countRows());
        int columns = Math.toIntExact(store.countColumns());
        double[] values = new double[Shapes.elements(rows, columns)];
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rows; row++) {
                values[row * columns + column] = store.doubleValue(row, column);
            }
        }
        Matrix matrix = Matrix.wrap(rows, columns, values);
        return store instanceof R032Store ? matrix.to(ElementType.FLOAT32) : matrix;
    }

    /** Returns a store of the same shape and elements: an {@link R064Store}, or an {@link R032Store} of a FLOAT32 matrix. */
    public static MatrixStore<Double> toOjAlgo(Matrix matrix) {
        int rows = matrix.rows();
        int columns = matrix.columns();
        return switch (matrix.elementType()) {
            case FLOAT64 -> {
                R064Store store = R064Store.FACTORY.make(rows, columns);
                for (int row = 0; row < rows; row++) {
                    for (int column = 0; column < columns; column++) {
                        store.set(row, column, matrix.doubles()[row * columns + column]);
                    }
                }
                yield store;
            }
            case FLOAT32 -> {
                R032Store store = R032Store.FACTORY.make(rows, columns);
                for (int row = 0; row < rows; row++) {
                    for (int column = 0; column < columns; column++) {
                        store.set(row, column, matrix.floats()[row * columns + column]);
                    }
                }
                yield store;
            }
        };
    }
}
