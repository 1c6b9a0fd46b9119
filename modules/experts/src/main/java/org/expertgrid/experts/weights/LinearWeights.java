package org.expertgrid.experts.weights;

import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.WeightMatrix;

/**
 * The weights of one linear layer {@code y = x W + b}.
 *
 * @param weight W, {@code [in, out]}
 * @param bias b, {@code [1, out]}, of the weight's element type
 */
public record LinearWeights(Matrix weight, Matrix bias) {
    public LinearWeights {
        new Problems()
                .expect(bias.rows() == 1, "bias.rows", bias.rows(), "1")
                .expect(
                        bias.columns() == weight.columns(),
                        "bias.columns",
                        bias.columns(),
                        "weight.columns " + weight.columns())
                .expect(
                        bias.elementType() == weight.elementType(),
                        "bias.elementType",
                        bias.elementType(),
                        "weight.elementType " + weight.elementType())
                .throwIfAny();
    }

    /** Returns weights as the seed draws them: {@code randn(in, out) * 0.01}, then a bias {@code randn(out)}. */
    static LinearWeights random(int inputs, int outputs, ElementType type, RandomState random) {
        double[] weight = random.randn(Matrix.elements(inputs, outputs));
        for (int i = 0; i < weight.length; i++) {
            weight[i] *= 0.01;
        }
        double[] bias = random.randn(outputs);
        return new LinearWeights(
                Matrix.wrap(inputs, outputs, weight).to(type),
                Matrix.wrap(1, outputs, bias).to(type));
    }

    /** Returns the width of what goes in. */
    public int inputs() {
        return weight.rows();
    }

    /** Returns the width of what comes out. */
    public int outputs() {
        return weight.columns();
    }

    /** Returns what weight and bias hold. */
    public ElementType elementType() {
        return weight.elementType();
    }

    /** Returns a copy in the order in which kernels read it. */
    public PackedWeights packed() {
        return PackedWeights.pack(WeightMatrix.of(weight), bias);
    }

    /** Returns the weights that compute columns {@code from} to {@code to} of this layer's output. */
    public LinearWeights outputRange(int from, int to) {
        return new LinearWeights(weight.columnRange(from, to), bias.columnRange(from, to));
    }
}
