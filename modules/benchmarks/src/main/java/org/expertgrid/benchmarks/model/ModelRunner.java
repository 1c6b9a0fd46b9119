package org.expertgrid.benchmarks.model;

/**
 * A program that has loaded a model. It reads tokens of several sequences, one step a call. For one thread.
 */
interface ModelRunner extends AutoCloseable {
    /** Returns its name in tables and JSON. */
    String name();

    /** Forgets all sequences and begins that many new ones. */
    void begin(int sequences);

    /**
     * Reads the next tokens of all sequences in one step and computes the logits of each sequence's last one.
     *
     * @param tokens for each sequence its next tokens, as many for each
     */
    void step(int[][] tokens);

    /** Returns the logits of a sequence after the last step. */
    float[] logits(int sequence);

    @Override
    void close();
}
