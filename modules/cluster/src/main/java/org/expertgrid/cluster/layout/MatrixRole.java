package org.expertgrid.cluster.layout;

/** Which of an expert's linear layers a shard belongs to. */
public enum MatrixRole {
    /** From the input to the hidden width; the only one of a model that is a single linear layer. */
    FC1,
    /** From the hidden to the output width. */
    FC2;
}
