package org.expertgrid.experts.routing;

import java.util.Arrays;
import org.expertgrid.kernels.GatedRows;
import org.expertgrid.kernels.Matrix;

/** Which side of an expert its gate multiplies. Constants keep their {@link #code} for ever. */
public enum GateOn {
    /** The expert's output: {@code gate * expert(x)}. */
    OUTPUT(1),
    /** The expert's input: {@code expert(gate * x)}. */
    INPUT(2);

    private final int code;

    GateOn(int code) {
        this.code = code;
    }

    /** Returns the number that stands for this constant on the wire and in files. */
    public int code() {
        return code;
    }

    /**
     * Returns what goes into an expert: its rows of {@code x}, or each times its gate, a product in float64 that is rounded once to the type
     * of {@code x}.
     */
    public Matrix input(Matrix x, GatedRows rows) {
        Matrix selected = x.selectRows(rows.rows());
        if (this == OUTPUT) {
            return selected;
        }
        double[] values = selected.toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            values[i] *= rows.gates()[i / x.columns()];
        }
        return Matrix.wrap(selected.rows(), selected.columns(), values).to(x.elementType());
    }

    /** Returns the rows with what multiplies an expert's output: their gates, or ones. */
    public GatedRows output(GatedRows rows) {
        if (this == OUTPUT) {
            return rows;
        }
        double[] ones = new double[rows.count()];
        Arrays.fill(ones, 1.0);
        return new GatedRows(rows.rows(), ones);
    }
}
