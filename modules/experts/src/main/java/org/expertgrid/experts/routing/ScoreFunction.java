package org.expertgrid.experts.routing;

/** The function from a row's logits to the scores by which its experts are chosen. Constants keep their {@link #code} for ever. */
public enum ScoreFunction {
    /** The logit itself. */
    LOGIT(1),
    /** The logits' exponentials, divided by their sum over all experts. */
    SOFTMAX(2),
    /** {@code 1 / (1 + exp(-logit))}, each expert on its own. */
    SIGMOID(3);

    private final int code;

    ScoreFunction(int code) {
        this.code = code;
    }

    /** Returns the number that stands for this constant on the wire and in files. */
    public int code() {
        return code;
    }
}
