package org.expertgrid.experts.weights;

import java.util.List;
import java.util.Optional;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.weights.MatrixRole.Cut;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.GatedActivation;

/**
 * The description of an expert's computation, without its numbers.
 *
 * <pre>
 *   plain    x --fc1--> hidden --activation--> hidden --fc2--> y
 *   gated    x --gate-> hidden ---+
 *                                 +-- gated activation --> hidden --down--> y
 *            x --up---> hidden ---+
 * </pre>
 *
 * @param inputDim the width of a row that goes in, at least 1
 * @param hiddenDim the width between the matrices, at least 1
 * @param outputDim the width of a row that comes out, at least 1
 * @param activation what a plain expert applies to its hidden rows; {@link Activation#IDENTITY} for a gated one
 * @param gating how a gated expert joins the products of gate and up; nothing for a plain one
 * @param biases whether each matrix has a bias
 */
public record ExpertShape(
        int inputDim,
        int hiddenDim,
        int outputDim,
        Activation activation,
        Optional<GatedActivation> gating,
        boolean biases) {
    private static final List<MatrixRole> PLAIN = List.of(MatrixRole.FC1, MatrixRole.FC2);
    private static final List<MatrixRole> GATED = List.of(MatrixRole.GATE, MatrixRole.UP, MatrixRole.DOWN);

    public ExpertShape {
        new Problems()
                .expect(inputDim >= 1, "inputDim", inputDim, "at least 1")
                .expect(hiddenDim >= 1, "hiddenDim", hiddenDim, "at least 1")
                .expect(outputDim >= 1, "outputDim", outputDim, "at least 1")
                .throwIfAny();
    }

    /** Returns the shape of an expert {@code fc2(activation(fc1(x)))}. */
    public static ExpertShape plain(int inputDim, int hiddenDim, int outputDim, Activation activation, boolean biases) {
        return new ExpertShape(inputDim, hiddenDim, outputDim, activation, Optional.empty(), biases);
    }

    /** Returns the shape of the seed's expert: plain, with ReLU and biases. */
    public static ExpertShape seed(int inputDim, int hiddenDim, int outputDim) {
        return plain(inputDim, hiddenDim, outputDim, Activation.RELU, true);
    }

    /** Returns the shape of an expert {@code down(gating(gate(x), up(x)))}. */
    public static ExpertShape gated(
            int inputDim, int hiddenDim, int outputDim, GatedActivation gating, boolean biases) {
        return new ExpertShape(inputDim, hiddenDim, outputDim, Activation.IDENTITY, Optional.of(gating), biases);
    }

    /** Returns the matrices, in the order in which they are drawn, read and kept. */
    public List<ExpertMatrix> matrices() {
        return roles().stream().map(this::matrix).toList();
    }

    /** Returns the roles of the matrices, in the same order. */
    public List<MatrixRole> roles() {
        return gating.isPresent() ? GATED : PLAIN;
    }

    /**
     * Returns the matrix of a role.
     *
     * @throws IllegalArgumentException if the expert has none of that role
     */
    public ExpertMatrix matrix(MatrixRole role) {
        if (!roles().contains(role)) {
            throw new IllegalArgumentException("matrix: " + role + " (expected: one of " + roles() + ")");
        }
        return role.cut() == Cut.OUTPUTS
                ? new ExpertMatrix(role, inputDim, hiddenDim)
                : new ExpertMatrix(role, hiddenDim, outputDim);
    }

    /** Returns this shape with another hidden width, as a part of an expert has it. */
    public ExpertShape withHiddenDim(int other) {
        return new ExpertShape(inputDim, other, outputDim, activation, gating, biases);
    }

    @Override
    public String toString() {
        String kind = gating.map(with -> "gated, " + with).orElse("plain, " + activation);
        return inputDim + " x " + hiddenDim + " x " + outputDim + ", " + kind + (biases ? ", biases" : ", no biases");
    }
}
