package org.expertgrid.experts.weights;

import java.util.Arrays;
import java.util.Locale;

/** The role of a matrix in an expert. Constants keep their {@link #code} for ever. */
public enum MatrixRole {
    /** The first matrix of a plain expert: from the input to the hidden width. */
    FC1(1, Cut.OUTPUTS),
    /** The second matrix of a plain expert: from the hidden to the output width. */
    FC2(2, Cut.INPUTS),
    /** The matrix of a gated expert whose product goes through the activation. */
    GATE(3, Cut.OUTPUTS),
    /** The matrix of a gated expert whose product is multiplied by that of {@link #GATE}. */
    UP(4, Cut.OUTPUTS),
    /** The last matrix of a gated expert: from the hidden to the output width. */
    DOWN(5, Cut.INPUTS);

    /** Which side of a matrix is the hidden width, so that a part of the hidden width is a part of that side. */
    public enum Cut {
        INPUTS,
        OUTPUTS
    }

    private final int code;
    private final Cut cut;

    MatrixRole(int code, Cut cut) {
        this.code = code;
        this.cut = cut;
    }

    /** Returns the role of that code. */
    public static MatrixRole ofCode(int code) {
        return Arrays.stream(values())
                .filter(role -> role.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("matrix role: " + code + " (expected: 1 to 5)"));
    }

    /** Returns the number that stands for this constant on the wire and in files. */
    public int code() {
        return code;
    }

    /** Returns which side of the matrix is the hidden width. */
    public Cut cut() {
        return cut;
    }

    /** Returns the name in messages and file names: "fc1", "gate". */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
