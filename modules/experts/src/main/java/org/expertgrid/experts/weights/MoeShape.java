package org.expertgrid.experts.weights;

import java.util.List;
import org.expertgrid.experts.errors.Problems;

/**
 * The description of one Mixture-of-Experts layer, without its numbers.
 *
 * @param expert the shape of each expert that rows choose from
 * @param experts how many of these there are, at least 1
 * @param shared the shapes of the experts that every row goes to, whose numbers follow; often none
 */
public record MoeShape(ExpertShape expert, int experts, List<ExpertShape> shared) {
    public MoeShape {
        shared = List.copyOf(shared);
        Problems problems = new Problems().expect(experts >= 1, "experts", experts, "at least 1");
        for (ExpertShape one : shared) {
            problems.expect(
                            one.inputDim() == expert.inputDim(),
                            "shared.inputDim",
                            one.inputDim(),
                            "inputDim " + expert.inputDim())
                    .expect(
                            one.outputDim() == expert.outputDim(),
                            "shared.outputDim",
                            one.outputDim(),
                            "outputDim " + expert.outputDim());
        }
        problems.throwIfAny();
    }

    /** Returns the shape of a layer of the seed's experts. */
    public MoeShape(int inputDim, int hiddenDim, int outputDim, int experts) {
        this(checked(inputDim, hiddenDim, outputDim, experts), experts, List.of());
    }

    /** Tells all sizes that are wrong in one message, the number of experts included. */
    private static ExpertShape checked(int inputDim, int hiddenDim, int outputDim, int experts) {
        new Problems()
                .expect(inputDim >= 1, "inputDim", inputDim, "at least 1")
                .expect(hiddenDim >= 1, "hiddenDim", hiddenDim, "at least 1")
                .expect(outputDim >= 1, "outputDim", outputDim, "at least 1")
                .expect(experts >= 1, "experts", experts, "at least 1")
                .throwIfAny();
        return ExpertShape.seed(inputDim, hiddenDim, outputDim);
    }

    /** Returns the width of a token. */
    public int inputDim() {
        return expert.inputDim();
    }

    /** Returns the width between the matrices of an expert; shared experts may have another. */
    public int hiddenDim() {
        return expert.hiddenDim();
    }

    /** Returns the width of a result. */
    public int outputDim() {
        return expert.outputDim();
    }

    /** Returns how many experts there are, the shared ones included. */
    public int allExperts() {
        return experts + shared.size();
    }

    /**
     * Returns the shape of the expert of that number.
     *
     * @throws IllegalArgumentException if there is no such expert
     */
    public ExpertShape expert(int number) {
        if (number < 0 || number >= allExperts()) {
            throw new IllegalArgumentException("expert: " + number + " (expected: 0 to " + (allExperts() - 1) + ")");
        }
        return number < experts ? expert : shared.get(number - experts);
    }
}
