package org.expertgrid.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.experts.errors.BadFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be run is refused by name before a weight is read. */
class RefusedModelsTest {
    @TempDir
    Path folder;

    @Test
    void mambaLayersAreRefused() {
        assertThatThrownBy(() -> Golden.ofFamily("jamba").open(DecoderOptions.defaults()))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(
                        "model_type: jamba (expected: a family without Mamba layers, which cannot be run)");
    }

    @Test
    void everyProblemOfAConfigurationIsNamed() throws IOException {
        assertThatThrownBy(() -> open(
                        "olmoe",
                        Map.of(
                                "vision_config",
                                Map.of("depth", 3),
                                "rope_scaling",
                                Map.of("rope_type", "dynamic", "factor", 2),
                                "position_embedding_type",
                                "alibi",
                                "num_attention_heads",
                                3)))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(folder.resolve("config.json").toString())
                .hasMessageContaining("vision_config: an image tower (expected: a model of text alone)")
                .hasMessageContaining(
                        "rope_scaling.rope_type: dynamic (expected: default, linear, llama3, yarn or longrope)")
                .hasMessageContaining("position_embedding_type: alibi (expected: rope)")
                .hasMessageContaining("num_attention_heads: 3 (expected: a multiple of num_key_value_heads 2)");
    }

    @Test
    void everyTensorThatIsMissingOrMisshapenIsNamed() {
        assertThatThrownBy(() -> open(
                        "qwen2_moe", Map.of("vocab_size", 113, "tie_word_embeddings", true, "num_hidden_layers", 3)))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("tensor model.embed_tokens.weight: [112, 64] (expected: shape [113, 64])")
                .hasMessageContaining("tensor model.layers.2.self_attn.k_proj.bias: missing (expected: shape [32])")
                .hasMessageContaining("tensor model.layers.2.input_layernorm.weight: missing (expected: shape [64])");
    }

    @Test
    void aSequenceThatTheModelCannotReadIsRefusedWithItsLength() {
        Decoder decoder =
                Golden.ofFamily("olmoe").open(DecoderOptions.defaults().withMostCachedTokens(100));
        assertThatThrownBy(() -> decoder.begin(300))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "tokens of the sequence: 300 (expected: 1 to 128, of which the model can read 256 and the caches can hold 128)");
    }

    @Test
    void aTokenBeyondTheVocabularyIsRefusedAndChangesNothing() {
        Decoder decoder = Golden.ofFamily("olmoe").open(DecoderOptions.defaults());
        try (Sequence sequence = decoder.begin(10)) {
            assertThatThrownBy(() -> decoder.step(List.of(new Chunk(sequence, new int[] {3, 112}, 1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("token: 112 (expected: 0 to 111)");
            assertThat(sequence.length()).isZero();
        }
    }

    /** Opens a copy of a family's checkpoint whose configuration has other fields. */
    private Decoder open(String family, Map<String, Object> changes) throws IOException {
        Path source = Golden.ofFamily(family).folder();
        try (var files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path config = folder.resolve("config.json");
        Map<String, Object> fields = JSON.std.mapFrom(Files.readString(config));
        fields.putAll(changes);
        Files.writeString(config, JSON.std.asString(fields));
        return Decoder.open(Checkpoint.open(folder), DecoderOptions.defaults());
    }
}
