package org.expertgrid.decoder.rotary;

/**
 * The rotary embedding of a layer.
 *
 * @param interleaved whether a pair is two neighbours, {@code (2 i, 2 i + 1)}, and not {@code (i, i + pairs)}
 * @param usual the frequencies of sequences with up to {@code usualPositions} positions
 * @param longer the frequencies of longer sequences
 * @param usualPositions the length that decides, which a sequence declares before it begins, so that all its keys have the same
 *     frequencies
 */
public record Rotary(boolean interleaved, RotaryFrequencies usual, RotaryFrequencies longer, int usualPositions) {
    /** Makes an embedding with the same frequencies for sequences of any length. */
    public Rotary(boolean interleaved, RotaryFrequencies frequencies) {
        this(interleaved, frequencies, frequencies, Integer.MAX_VALUE);
    }

    /** Returns how many leading elements of a head are rotated. */
    public int dimensions() {
        return 2 * usual.pairs();
    }

    /** Returns the frequencies of a sequence that has at most so many positions. */
    RotaryFrequencies forPositions(int mostPositions) {
        return mostPositions <= usualPositions ? usual : longer;
    }
}
