package org.expertgrid.experts.routing;

/** Which side of an expert its gate multiplies. Constants keep their {@link #code} for ever. */
public enum GateOn {
    /** The expert's output: {@code gate * expert(x)}. */
    OUTPUT(1),
    /** The expert's input: {@code expert(gate * x)}. */
    INPUT(2);

    private final int code;

    GateOn(int code) {
        this.code = code;
    }

    /** Returns the number that stands for this constant on the wire and in files. */
    public int code() {
        return code;
    }
}
