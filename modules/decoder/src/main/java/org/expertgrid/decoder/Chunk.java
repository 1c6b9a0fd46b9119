package org.expertgrid.decoder;

import org.expertgrid.experts.errors.Problems;

/**
 * The next tokens of one sequence: a part of a prompt, or the token that was chosen last.
 *
 * <p>The array is shared, not copied: it must not change any more.
 *
 * @param tokens at least one
 * @param wantedLogits of how many of the chunk's last positions logits are wanted; 0 for none
 */
public record Chunk(Sequence sequence, int[] tokens, int wantedLogits) {
    public Chunk {
        new Problems()
                .expect(tokens.length >= 1, "tokens", tokens.length, "at least 1")
                .expect(
                        wantedLogits >= 0 && wantedLogits <= tokens.length,
                        "wantedLogits",
                        wantedLogits,
                        "0 to the number of tokens, " + tokens.length)
                .throwIfAny();
    }
}
