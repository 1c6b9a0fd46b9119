package org.expertgrid.experts.weights;

import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.ElementType;

/**
 * The weights of one expert: {@code fc2(relu(fc1(x)))}.
 *
 * @param fc1 from the input to the hidden width
 * @param fc2 from the hidden to the output width
 */
public record ExpertWeights(LinearWeights fc1, LinearWeights fc2) {
    public ExpertWeights {
        new Problems()
                .expect(fc2.inputs() == fc1.outputs(), "fc2.inputs", fc2.inputs(), "fc1.outputs " + fc1.outputs())
                .expect(
                        fc2.elementType() == fc1.elementType(),
                        "fc2.elementType",
                        fc2.elementType(),
                        "fc1.elementType " + fc1.elementType())
                .throwIfAny();
    }

    /** Returns what the matrices hold. */
    public ElementType elementType() {
        return fc1.elementType();
    }
}
