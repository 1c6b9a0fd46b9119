package org.expertgrid.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole models of all families against what transformers computes. */
class FamilyGoldensTest {
    static List<String> families() {
        return List.of(
                "dbrx",
                "deepseek_v2",
                "deepseek_v2-lite",
                "deepseek_v3",
                "ernie4_5_moe",
                "glm4_moe",
                "gpt_oss",
                "gpt_oss-mxfp4",
                "granitemoe",
                "granitemoeshared",
                "llama4_text",
                "mixtral",
                "mixtral-sliding",
                "olmoe",
                "olmoe-clip",
                "phimoe",
                "qwen2_moe",
                "qwen3_moe",
                "qwen3_moe-fp8");
    }

    @ParameterizedTest
    @MethodSource("families")
    void logitsOfEveryPositionAgree(String family) {
        Golden golden = Golden.ofFamily(family);
        Decoder decoder = golden.open(DecoderOptions.defaults());
        int[][] prompts = golden.ids("input_ids");
        for (int s = 0; s < prompts.length; s++) {
            try (Sequence sequence = decoder.begin(prompts[s].length)) {
                Chunk all = new Chunk(sequence, prompts[s], prompts[s].length);
                golden.expectLogits(s, decoder.step(List.of(all)).logits().get(0));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void logitsOfTwoSequencesTogetherAgree(String family) {
        Golden golden = Golden.ofFamily(family);
        Decoder decoder = golden.open(DecoderOptions.defaults());
        int[][] prompts = golden.ids("input_ids");
        int length = prompts[0].length;
        try (Sequence first = decoder.begin(length);
                Sequence second = decoder.begin(length)) {
            List<Matrix> logits = decoder.step(
                            List.of(new Chunk(first, prompts[0], length), new Chunk(second, prompts[1], length)))
                    .logits();
            golden.expectLogits(0, logits.get(0));
            golden.expectLogits(1, logits.get(1));
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void greedyTokensAreTheSame(String family) {
        Golden golden = Golden.ofFamily(family);
        Decoder decoder = golden.open(DecoderOptions.defaults());
        int[][] prompts = golden.ids("input_ids");
        int[][] expected = golden.ids("generated_ids");
        int count = expected[0].length;
        assertThat(Greedy.together(decoder, prompts, count)).isDeepEqualTo(expected);
        for (int s = 0; s < prompts.length; s++) {
            assertThat(Greedy.cached(decoder, prompts[s], count)).as("cached").isEqualTo(expected[s]);
            assertThat(Greedy.uncached(decoder, prompts[s], count))
                    .as("uncached")
                    .isEqualTo(expected[s]);
        }
    }
}
