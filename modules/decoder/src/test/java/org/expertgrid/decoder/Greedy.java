package org.expertgrid.decoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.expertgrid.kernels.Matrix;

/** The most probable tokens after a prompt. */
final class Greedy {
    private Greedy() {}

    /** Reads each token once and keeps keys and values. */
    static int[] cached(Decoder decoder, int[] prompt, int count) {
        int[] chosen = new int[count];
        try (Sequence sequence = decoder.begin(prompt.length + count)) {
            int[] next = prompt;
            for (int i = 0; i < count; i++) {
                Matrix logits = decoder.step(List.of(new Chunk(sequence, next, 1)))
                        .logits()
                        .get(0);
                chosen[i] = best(logits, 0);
                next = new int[] {chosen[i]};
            }
        }
        return chosen;
    }

    /** Reads all tokens again for each new one. */
    static int[] uncached(Decoder decoder, int[] prompt, int count) {
        int[] tokens = Arrays.copyOf(prompt, prompt.length + count);
        for (int length = prompt.length; length < tokens.length; length++) {
            try (Sequence sequence = decoder.begin(length)) {
                Chunk all = new Chunk(sequence, Arrays.copyOf(tokens, length), 1);
                tokens[length] = best(decoder.step(List.of(all)).logits().get(0), 0);
            }
        }
        return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
    }

    /** Reads all sequences side by side. */
    static int[][] together(Decoder decoder, int[][] prompts, int count) {
        int[][] chosen = new int[prompts.length][count];
        int[][] next = prompts.clone();
        List<Sequence> sequences = new ArrayList<>();
        for (int[] prompt : prompts) {
            sequences.add(decoder.begin(prompt.length + count));
        }
        for (int i = 0; i < count; i++) {
            List<Chunk> chunks = new ArrayList<>();
            for (int s = 0; s < prompts.length; s++) {
                chunks.add(new Chunk(sequences.get(s), next[s], 1));
            }
            List<Matrix> logits = decoder.step(chunks).logits();
            for (int s = 0; s < prompts.length; s++) {
                chosen[s][i] = best(logits.get(s), 0);
                next[s] = new int[] {chosen[s][i]};
            }
        }
        sequences.forEach(Sequence::close);
        return chosen;
    }

    /** The token with the largest logit, the lowest among equals. */
    static int best(Matrix logits, int row) {
        int best = 0;
        for (int token = 1; token < logits.columns(); token++) {
            if (logits.get(row, token) > logits.get(row, best)) {
                best = token;
            }
        }
        return best;
    }
}
