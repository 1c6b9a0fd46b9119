package org.expertgrid.experts.layers;

import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;

/**
 * One expert: {@code fc2(relu(fc1(x)))}.
 *
 * @param fc1 from the input to the hidden width
 * @param fc2 from the hidden to the output width
 */
public record Expert(Layer fc1, Layer fc2) implements Layer {
    /** Returns an expert of two {@link Linear} layers. */
    public static Expert of(ExpertWeights weights, Kernels kernels) {
        return new Expert(new Linear(weights.fc1(), kernels), new Linear(weights.fc2(), kernels));
    }

    @Override
    public Matrix forward(Matrix x) {
        return fc2.forward(Activation.RELU.apply(fc1.forward(x)));
    }
}
