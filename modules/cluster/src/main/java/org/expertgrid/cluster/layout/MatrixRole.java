package org.expertgrid.cluster.layout;

import org.expertgrid.cluster.errors.MalformedMessageException;

/** Which of an expert's linear layers a shard belongs to. */
public enum MatrixRole {
    /** From the input to the hidden width; the only one of a model that is a single linear layer. */
    FC1,
    /** From the hidden to the output width. */
    FC2;

    /** Returns the role with that {@link #ordinal()}, as it travels. */
    public static MatrixRole of(byte ordinal) {
        return switch (ordinal) {
            case 0 -> FC1;
            case 1 -> FC2;
            default -> throw new MalformedMessageException("matrix: " + ordinal + " (expected: 0 or 1)");
        };
    }
}
