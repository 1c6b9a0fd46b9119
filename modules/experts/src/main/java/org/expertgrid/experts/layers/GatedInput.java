package org.expertgrid.experts.layers;

import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;

/** Multiplies rows by their gates before they go into an expert. Stateless. */
final class GatedInput {
    private GatedInput() {}

    /** Returns the selected rows of {@code x}, each times its gate: a product in float64, rounded once to the type of {@code x}. */
    static Matrix of(Matrix x, GatedRows rows) {
        Matrix selected = x.selectRows(rows.rows());
        double[] values = selected.toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            values[i] *= rows.gates()[i / x.columns()];
        }
        return Matrix.wrap(selected.rows(), selected.columns(), values).to(x.elementType());
    }
}
