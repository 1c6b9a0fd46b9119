package org.expertgrid.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TinyAustenTest {
    private final Golden golden = Golden.in(TinyAusten.FOLDER);
    private final Decoder decoder = golden.open(DecoderOptions.defaults());

    @Test
    void itsLogitsAgreeWithTransformers() {
        int[] prompt = golden.ids("input_ids")[0];
        try (Sequence sequence = decoder.begin(prompt.length)) {
            Chunk all = new Chunk(sequence, prompt, prompt.length);
            golden.expectLogits(0, decoder.step(List.of(all)).logits().get(0));
        }
    }

    @Test
    void itsGreedyTokensAreThoseOfTransformers() {
        int[] expected = golden.ids("generated_ids")[0];
        int[] prompt = golden.ids("input_ids")[0];
        assertThat(Greedy.cached(decoder, prompt, expected.length)).isEqualTo(expected);
    }
}
