package org.expertgrid.experts.weights;

import org.expertgrid.experts.errors.Problems;

/**
 * The sizes of one Mixture-of-Experts layer.
 *
 * @param inputDim the width of a token, at least 1
 * @param hiddenDim the width between an expert's two linear layers, at least 1
 * @param outputDim the width of a result, at least 1
 * @param experts the number of experts, at least 1
 */
public record MoeShape(int inputDim, int hiddenDim, int outputDim, int experts) {
    public MoeShape {
        new Problems()
                .expect(inputDim >= 1, "inputDim", inputDim, "at least 1")
                .expect(hiddenDim >= 1, "hiddenDim", hiddenDim, "at least 1")
                .expect(outputDim >= 1, "outputDim", outputDim, "at least 1")
                .expect(experts >= 1, "experts", experts, "at least 1")
                .throwIfAny();
    }

    /** Throws the error that {@link MoeWeights#expert} promises where there is no such expert. */
    void checkExpert(int expert) {
        new Problems()
                .expect(expert >= 0 && expert < experts, "expert", expert, "0 to " + (experts - 1))
                .throwIfAny();
    }

    /** Returns how many experts a row goes to: {@code topK}, or all experts where there are fewer. */
    public int effectiveTopK(int topK) {
        new Problems().expect(topK >= 1, "topK", topK, "at least 1").throwIfAny();
        return Math.min(topK, experts);
    }
}
