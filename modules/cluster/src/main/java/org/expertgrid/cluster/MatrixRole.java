package org.expertgrid.cluster;

/** Which of an expert's linear layers a shard belongs to. */
enum MatrixRole {
    /** From the input to the hidden width; the only one of a model that is a single linear layer. */
    FC1,
    /** From the hidden to the output width. */
    FC2
}
