package org.expertgrid.experts.weights;

import java.util.Objects;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.numpy.RandomState;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.WeightMatrix;

/**
 * The weights of one linear layer {@code y = x W + b}. Two are equal if they are stored in one format and widen to the same numbers.
 *
 * @param weight W, {@code [in, out]}, in the format that it is stored in
 * @param bias b, {@code [1, out]}, of the type that the weight is computed in; null where there is none
 */
public record LinearWeights(WeightMatrix weight, Matrix bias) {
    public LinearWeights {
        if (bias != null) {
            ElementType type = weight.format().computedIn();
            new Problems()
                    .expect(bias.rows() == 1, "bias.rows", bias.rows(), "1")
                    .expect(
                            bias.columns() == weight.columns(),
                            "bias.columns",
                            bias.columns(),
                            "weight.columns " + weight.columns())
                    .expect(
                            bias.elementType() == type,
                            "bias.elementType",
                            bias.elementType(),
                            "weight.elementType " + type)
                    .throwIfAny();
        }
    }

    /** Takes a matrix that is stored as it is, and a bias of its type or null. */
    public LinearWeights(Matrix weight, Matrix bias) {
        this(WeightMatrix.of(weight), bias);
    }

    /** Returns weights as the seed draws them: {@code randn(in, out) * 0.01}, then a bias {@code randn(out)} if there is one. */
    static LinearWeights random(int inputs, int outputs, boolean hasBias, ElementType type, RandomState random) {
        Matrix weight = randomWeight(inputs, outputs, random).to(type);
        return new LinearWeights(
                weight, hasBias ? Matrix.wrap(1, outputs, random.randn(outputs)).to(type) : null);
    }

    /** Returns a weight as the seed draws it. */
    static Matrix randomWeight(int inputs, int outputs, RandomState random) {
        double[] weight = random.randn(Matrix.elements(inputs, outputs));
        for (int i = 0; i < weight.length; i++) {
            weight[i] *= 0.01;
        }
        return Matrix.wrap(inputs, outputs, weight);
    }

    /** Returns the width of what goes in. */
    public int inputs() {
        return weight.rows();
    }

    /** Returns the width of what comes out. */
    public int outputs() {
        return weight.columns();
    }

    /** Returns what the layer is computed in. */
    public ElementType elementType() {
        return weight.format().computedIn();
    }

    /** Returns whether there is a bias. */
    public boolean hasBias() {
        return bias != null;
    }

    /** Returns a copy in the order in which kernels read it. */
    public PackedWeights packed() {
        return PackedWeights.pack(weight, bias);
    }

    /** Returns the weights that compute columns {@code from} to {@code to} of this layer's output. */
    public LinearWeights outputRange(int from, int to) {
        return new LinearWeights(weight.columnRange(from, to), bias == null ? null : bias.columnRange(from, to));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LinearWeights that
                && weight.format() == that.weight.format()
                && Objects.equals(bias, that.bias)
                && weight.toMatrix().equals(that.weight.toMatrix());
    }

    @Override
    public int hashCode() {
        return Objects.hash(inputs(), outputs(), weight.format(), bias);
    }
}
