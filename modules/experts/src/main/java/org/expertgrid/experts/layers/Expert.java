package org.expertgrid.experts.layers;

import java.util.ArrayList;
import java.util.List;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.GatedActivation;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;

/**
 * One expert, plain ({@code fc2(activation(fc1(x)))}) or gated ({@code down(gating(gate(x), up(x)))}).
 *
 * @param shape which of the two, and its activation
 * @param matrices a layer for each of {@link ExpertShape#matrices}
 */
public record Expert(ExpertShape shape, List<Layer> matrices) implements Layer {
    /** Returns an expert of {@link Linear} layers. */
    public static Expert of(ExpertWeights weights, Kernels kernels) {
        List<Layer> matrices = new ArrayList<>();
        for (LinearWeights matrix : weights.matrices()) {
            matrices.add(new Linear(matrix, kernels));
        }
        return new Expert(weights.shape(), matrices);
    }

    @Override
    public Matrix forward(Matrix x) {
        Matrix first = matrices.get(0).forward(x);
        Layer last = matrices.get(matrices.size() - 1);
        if (shape.gating().isEmpty()) {
            return last.forward(shape.activation().apply(first));
        }
        return last.forward(gate(shape.gating().get(), first, matrices.get(1).forward(x)));
    }

    private static Matrix gate(GatedActivation gating, Matrix gate, Matrix up) {
        double[] gates = gate.toDoubleArray();
        double[] ups = up.toDoubleArray();
        for (int i = 0; i < gates.length; i++) {
            gates[i] = gating.apply(gates[i], ups[i]);
        }
        return Matrix.wrap(gate.rows(), gate.columns(), gates).to(gate.elementType());
    }
}
