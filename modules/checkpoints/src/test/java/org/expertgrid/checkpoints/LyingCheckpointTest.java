package org.expertgrid.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.expertgrid.checkpoints.safetensors.SafetensorsWriter;
import org.expertgrid.checkpoints.safetensors.TensorType;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.weights.MoeWeights;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints whose config says one thing and whose tensors are another: refused, with every difference named. */
class LyingCheckpointTest {
    private static final String EXPERTS = "model.layers.1.mlp.experts.";

    @TempDir
    private Path folder;

    /** Copies a tiny checkpoint with its config changed. */
    private void copy(String name, UnaryOperator<String> config) throws IOException {
        copy(name, config, writer -> writer);
    }

    private void copy(String name, UnaryOperator<String> config, UnaryOperator<SafetensorsWriter> tensors)
            throws IOException {
        Path original = FamilyFolders.folder(name);
        Files.writeString(
                folder.resolve("config.json"), config.apply(Files.readString(original.resolve("config.json"))));
        tensors.apply(SafetensorsWriter.copyOf(Tensors.ofFolder(original))).write(folder.resolve("model.safetensors"));
    }

    private static UnaryOperator<String> replacing(String found, String by) {
        return config -> {
            assertThat(config).contains(found);
            return config.replace(found, by);
        };
    }

    private void assertRefused(ThrowingCallable use, String... parts) {
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(use)
                .satisfies(thrown -> assertThat(thrown.getMessage())
                        .startsWith(folder.toString())
                        .contains(parts));
    }

    private MoeWeights layer(int layer) {
        return Checkpoint.open(folder).layer(layer);
    }

    @Test
    void anUnknownFamilyIsRefusedWithTheKnownOnes() throws IOException {
        copy("olmoe", replacing("\"olmoe\"", "\"gpt2\""));
        assertRefused(
                () -> Checkpoint.open(folder),
                "config.json: model_type: gpt2 (expected: one of [dbrx, deepseek_v2, deepseek_v3, ",
                "qwen2_moe, qwen3_moe])");
    }

    @Test
    void aFamilyMustBeNamed() throws IOException {
        copy("olmoe", replacing("\"model_type\"", "\"model\""));
        assertRefused(() -> Checkpoint.open(folder), "model_type: missing (expected: one of [dbrx, ");
    }

    @Test
    void everyWrongValueOfAConfigIsNamed() throws IOException {
        copy(
                "olmoe",
                config -> config.replace("\"hidden_size\": 64", "\"hidden_size\": \"64\"")
                        .replace("\"num_experts\": 8", "\"num_experts\": 0")
                        .replace("\"norm_topk_prob\": false", "\"norm_topk_prob\": 1")
                        .replace("\"intermediate_size\"", "\"intermediate\"")
                        .replace("\"silu\"", "\"snake\""));
        assertRefused(
                () -> Checkpoint.open(folder),
                "hidden_size: 64 (expected: an integer of at least 1)",
                "num_experts: 0 (expected: an integer of at least 1)",
                "norm_topk_prob: 1 (expected: true or false)",
                "intermediate_size: missing (expected: an integer of at least 1)",
                "hidden_act: snake (expected: one of [gelu, ");
    }

    @Test
    void aConfigThatIsNoJsonOrNamesAValueTwiceIsRefused() throws IOException {
        copy("olmoe", config -> config + "}");
        assertRefused(() -> Checkpoint.open(folder), "config.json: no JSON object: ");
        copy("olmoe", config -> "[" + config + "]");
        assertRefused(() -> Checkpoint.open(folder), "config.json: ");
        copy("olmoe", replacing("\"hidden_size\": 64", "\"hidden_size\": 64, \"hidden_size\": 64"));
        assertRefused(() -> Checkpoint.open(folder), "config.json: no JSON object: Duplicate");
    }

    @Test
    void aFolderWithoutConfigIsNamed() {
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> Checkpoint.open(folder))
                .withMessage(folder.resolve("config.json") + ": no such file");
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> Checkpoint.open(folder.resolve("missing")))
                .withMessage(folder.resolve("missing") + ": no such folder");
    }

    @Test
    void hugeNumbersOfLayersAndExpertsCostNothing() throws IOException {
        copy("olmoe", replacing("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2147483647"));
        assertRefused(() -> Checkpoint.open(folder), "num_hidden_layers: 2147483647 (expected: at most 10000)");
        copy("olmoe", replacing("\"num_experts\": 8", "\"num_experts\": 2147483647"));
        assertRefused(() -> Checkpoint.open(folder), "num_experts: 2147483647 (expected: at most 268435456)");
        copy("olmoe", replacing("\"num_experts\": 8", "\"num_experts\": 268435456"));
        assertRefused(() -> layer(1), "layer 1: model.layers.1.mlp.gate.weight: [8, 64] (expected: [268435456, 64])");
    }

    @Test
    void moreLayersThanThereAreTensorsForAreNoticed() throws IOException {
        copy("olmoe", replacing("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"));
        layer(1);
        assertRefused(() -> layer(2), "layer 2: model.layers.2.mlp.gate.weight: missing (expected: [8, 64])");
    }

    @Test
    void aWidthThatNoTensorHasIsReportedForEachTensor() throws IOException {
        copy("olmoe", replacing("\"intermediate_size\": 40", "\"intermediate_size\": 48"));
        assertRefused(
                () -> layer(1),
                EXPERTS + "0.gate_proj.weight: [40, 64] (expected: [48, 64])",
                EXPERTS + "0.down_proj.weight: [64, 40] (expected: [64, 48])",
                "; and 4 more");
    }

    @Test
    void missingExtraMisshapenAndMistypedTensorsAreNamedAtOnce() throws IOException {
        copy(
                "olmoe",
                config -> config,
                tensors -> tensors.remove(EXPERTS + "3.up_proj.weight")
                        .zeros(EXPERTS + "8.up_proj.weight", TensorType.BF16, 40L, 64L)
                        .zeros(EXPERTS + "2.down_proj.weight", TensorType.BF16, 40L, 64L)
                        .zeros(EXPERTS + "5.gate_proj.weight", TensorType.I8, 40L, 64L));
        assertRefused(
                () -> layer(1),
                EXPERTS + "3.up_proj.weight: missing (expected: [40, 64])",
                EXPERTS + "8.up_proj.weight: found (expected: no such tensor)",
                EXPERTS + "2.down_proj.weight: [40, 64] (expected: [64, 40])",
                EXPERTS + "5.gate_proj.weight: I8 (expected: F64, F32, F16 or BF16)");
        layer(0);
    }

    @Test
    void problemsOfAllLayersAreToldAtOnce() throws IOException {
        copy(
                "olmoe",
                config -> config,
                tensors -> tensors.remove(EXPERTS + "3.up_proj.weight").remove("model.layers.0.mlp.gate.weight"));
        Checkpoint checkpoint = Checkpoint.open(folder);
        assertRefused(
                () -> checkpoint.layers(List.of(0, 1)),
                ": layer 0: model.layers.0.mlp.gate.weight: missing (expected: [8, 64]); layer 1: " + EXPERTS
                        + "3.up_proj.weight: missing (expected: [40, 64])");
    }

    @Test
    @Tag("slow")
    void ofAThousandWrongLayersTwentyAreNamed() throws IOException {
        copy("olmoe", replacing("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1000"));
        Checkpoint checkpoint = Checkpoint.open(folder);
        assertRefused(
                () -> checkpoint.layers(checkpoint.moeLayers().moeLayers()),
                "layer 21: model.layers.21.mlp.gate.weight: missing",
                "; and 978 more layers");
    }

    @Test
    void aRouterOfAnotherShapeOrTypeIsNamed() throws IOException {
        String router = "model.layers.1.mlp.gate.";
        copy(
                "deepseek_v3",
                config -> config,
                tensors -> tensors.remove(router + "e_score_correction_bias")
                        .zeros(router + "weight", TensorType.F32, 64L, 8L));
        assertRefused(
                () -> layer(1),
                router + "weight: [64, 8] (expected: [8, 64])",
                router + "e_score_correction_bias: missing (expected: [8])");
    }

    @Test
    void scalesOfFp8MustFitTheirBlocks() throws IOException {
        String gate = EXPERTS + "0.gate_proj.weight_scale_inv";
        String up = EXPERTS + "0.up_proj.weight_scale_inv";
        copy(
                "qwen3_moe-fp8",
                config -> config,
                tensors -> tensors.zeros(gate, TensorType.F32, 1L, 2L).remove(up));
        assertRefused(() -> layer(1), gate + ": [1, 2] (expected: [2, 2])", up + ": missing (expected: [2, 2])");
    }

    @Test
    void fp8WithoutAConfigThatSaysSoIsRefused() throws IOException {
        copy("qwen3_moe-fp8", replacing("quantization_config", "quantization"));
        assertRefused(() -> layer(1), EXPERTS + "0.gate_proj.weight: F8_E4M3 (expected: F64, F32, F16 or BF16)");
    }

    @Test
    void anEncodingThatIsNotReadIsNamed() throws IOException {
        copy("qwen3_moe-fp8", replacing("\"fp8\"", "\"gptq\""));
        assertRefused(
                () -> Checkpoint.open(folder),
                "quantization_config.quant_method: gptq (expected: fp8, or no quantization_config)");
        copy("gpt_oss-mxfp4", replacing("\"mxfp4\"", "\"fp8\""));
        assertRefused(() -> Checkpoint.open(folder), "quantization_config.quant_method: fp8 (expected: mxfp4, ");
        copy("qwen3_moe-fp8", replacing("\"weight_block_size\"", "\"block_size\""));
        assertRefused(
                () -> Checkpoint.open(folder), "quantization_config.weight_block_size: missing (expected: [128, 128])");
    }

    @Test
    void valuesThatPublishedConfigsAlwaysHaveAreNotGuessed() throws IOException {
        copy(
                "deepseek_v3",
                config -> config.replace("\"n_group\"", "\"groups\"")
                        .replace("\"routed_scaling_factor\"", "\"scale\"")
                        .replace("\"first_k_dense_replace\"", "\"first\""));
        assertRefused(
                () -> Checkpoint.open(folder),
                "n_group: missing (expected: an integer of at least 1)",
                "routed_scaling_factor: missing (expected: a number)",
                "first_k_dense_replace: missing (expected: an integer of at least 0)");
    }

    @Test
    void mxfp4NeedsBlocksOf32Inputs() throws IOException {
        copy(
                "gpt_oss-mxfp4",
                replacing("\"hidden_size\": 64", "\"hidden_size\": 72"),
                tensors -> tensors.zeros("model.layers.1.mlp.router.weight", TensorType.BF16, 8L, 72L));
        assertRefused(() -> layer(1), "experts.gate_up_proj: 72 inputs (expected: a multiple of 32 for MXFP4)");
    }

    @Test
    void aRowThatNeedsMoreExpertsThanItsGroupsHaveIsRefused() throws IOException {
        copy("deepseek_v3", replacing("\"num_experts_per_tok\": 4", "\"num_experts_per_tok\": 5"));
        assertRefused(
                () -> Checkpoint.open(folder),
                "topK: 5 (expected: at most 4, the experts of the groups that are kept)");
    }

    @Test
    void aDenseLayerIsNoMoeLayer() {
        Checkpoint checkpoint = Checkpoint.open(FamilyFolders.folder("deepseek_v3"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> checkpoint.layer(0))
                .withMessage("layer: 0 (expected: an MoE layer, one of [1])");
        assertThatIllegalArgumentException().isThrownBy(() -> checkpoint.layer(-1));
    }

    @Test
    void anExpertThatTheLayerDoesNotHaveIsRefused() {
        MoeWeights layer = Checkpoint.open(FamilyFolders.folder("deepseek_v3")).layer(1);
        assertThat(layer.expert(8).shape().hiddenDim()).isEqualTo(40);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.expert(9))
                .withMessage("expert: 9 (expected: 0 to 8)");
    }
}
