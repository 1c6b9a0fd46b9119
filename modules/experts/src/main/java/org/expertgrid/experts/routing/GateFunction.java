package org.expertgrid.experts.routing;

/** The function from the scores of a row's chosen experts to their gates. Constants keep their {@link #code} for ever. */
public enum GateFunction {
    /** The score itself, without the bias that only chooses. */
    SCORE(1),
    /** The scores' exponentials, divided by their sum over the chosen experts. */
    SOFTMAX(2),
    /** {@code 1 / (1 + exp(-score))}, each expert on its own. */
    SIGMOID(3),
    /**
     * The probability of the chosen expert among all that were not chosen before it, where an expert whose score is too far below
     * the chosen one's has none. Source: SparseMixer, as Phi-3.5-MoE has it.
     */
    SPARSE_MIXER(4);

    private final int code;

    GateFunction(int code) {
        this.code = code;
    }

    /** Returns the number that stands for this constant on the wire and in files. */
    public int code() {
        return code;
    }
}
