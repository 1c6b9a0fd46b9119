package org.expertgrid.experts.weights;

import java.util.List;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;

/**
 * The weights of one expert.
 *
 * @param shape what the expert computes
 * @param matrices the weights of {@link ExpertShape#matrices}, in the same order; all are computed in one type
 */
public record ExpertWeights(ExpertShape shape, List<LinearWeights> matrices) {
    public ExpertWeights {
        matrices = List.copyOf(matrices);
        List<ExpertMatrix> expected = shape.matrices();
        new Problems()
                .expect(matrices.size() == expected.size(), "matrices", matrices.size(), "" + expected.size())
                .throwIfAny();
        Problems problems = new Problems();
        for (int m = 0; m < expected.size(); m++) {
            check(
                    problems,
                    expected.get(m),
                    matrices.get(m),
                    shape.biases(),
                    matrices.get(0).elementType());
        }
        problems.throwIfAny();
    }

    /** Takes the weights of a plain expert with ReLU, as the seed has them. */
    public ExpertWeights(LinearWeights fc1, LinearWeights fc2) {
        this(
                ExpertShape.plain(fc1.inputs(), fc1.outputs(), fc2.outputs(), Activation.RELU, fc1.hasBias()),
                List.of(fc1, fc2));
    }

    private static void check(
            Problems problems, ExpertMatrix expected, LinearWeights given, boolean biases, ElementType type) {
        String name = expected.role().label();
        problems.expect(given.inputs() == expected.inputs(), name + ".inputs", given.inputs(), "" + expected.inputs())
                .expect(
                        given.outputs() == expected.outputs(),
                        name + ".outputs",
                        given.outputs(),
                        "" + expected.outputs())
                .expect(given.hasBias() == biases, name + ".hasBias", given.hasBias(), "" + biases)
                .expect(given.elementType() == type, name + ".elementType", given.elementType(), "" + type);
    }

    /**
     * Returns the weights of one matrix.
     *
     * @throws IllegalArgumentException if experts of this shape have no such matrix
     */
    public LinearWeights matrix(MatrixRole role) {
        List<MatrixRole> roles = shape.roles();
        new Problems()
                .expect(roles.contains(role), "role", role, "one of " + roles)
                .throwIfAny();
        return matrices.get(roles.indexOf(role));
    }

    /** Returns the first matrix of a plain expert. */
    public LinearWeights fc1() {
        return matrix(MatrixRole.FC1);
    }

    /** Returns the second matrix of a plain expert. */
    public LinearWeights fc2() {
        return matrix(MatrixRole.FC2);
    }

    /** Returns what the expert is computed in. */
    public ElementType elementType() {
        return matrices.get(0).elementType();
    }
}
