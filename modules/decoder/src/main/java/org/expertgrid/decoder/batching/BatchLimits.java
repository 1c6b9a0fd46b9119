package org.expertgrid.decoder.batching;

import org.expertgrid.experts.errors.Problems;

/**
 * The bounds of a {@link Batching}.
 *
 * @param rowsOfStep how many tokens a step reads at the most, if not more sequences than that are running: smaller lets answers flow while
 *     prompts are read, larger reads prompts faster
 * @param running how many sequences share a step at the most
 * @param waiting how many sequences wait at the most; one more is refused
 */
public record BatchLimits(int rowsOfStep, int running, int waiting) {
    /** 256 tokens a step, 64 sequences that run, 1024 that wait. */
    public static final BatchLimits DEFAULT = new BatchLimits(256, 64, 1024);

    public BatchLimits {
        new Problems()
                .expect(rowsOfStep >= 1, "rowsOfStep", rowsOfStep, "at least 1")
                .expect(running >= 1, "running", running, "at least 1")
                .expect(waiting >= 0, "waiting", waiting, "at least 0")
                .throwIfAny();
    }
}
