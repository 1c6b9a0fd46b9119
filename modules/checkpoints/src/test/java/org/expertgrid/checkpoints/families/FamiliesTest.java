package org.expertgrid.checkpoints.families;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.expertgrid.checkpoints.FamilyFolders;
import org.expertgrid.checkpoints.config.Config;
import org.expertgrid.experts.routing.ExpertGroups;
import org.expertgrid.experts.routing.GateDivisor;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.ScoreFunction;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.GatedActivation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What configs mean that differ from those of the tiny checkpoints in ways that published ones do. */
class FamiliesTest {
    @TempDir
    private Path folder;

    private MoeLayers read(String config) throws IOException {
        return Families.read(Config.read(Files.writeString(folder.resolve("config.json"), config)));
    }

    private MoeLayers read(String family, String found, String by) throws IOException {
        String config = Files.readString(FamilyFolders.folder(family).resolve("config.json"));
        assertThat(config).contains(found);
        return read(config.replace(found, by));
    }

    /** Two layers in the config become eight, so that the pattern shows. */
    private List<Integer> moeLayersOfEight(String family, String found, String by) throws IOException {
        String config = Files.readString(FamilyFolders.folder(family).resolve("config.json"));
        assertThat(config).contains(found);
        return read(config.replaceAll("\"num_hidden_layers\": \\d+", "\"num_hidden_layers\": 8")
                        .replace(found, by))
                .moeLayers();
    }

    @Test
    void whichLayersAreMoeLayersComesFromTheConfig() throws IOException {
        assertThat(moeLayersOfEight("qwen2_moe", "\"decoder_sparse_step\": 1", "\"decoder_sparse_step\": 3"))
                .containsExactly(2, 5);
        assertThat(moeLayersOfEight("qwen2_moe", "\"mlp_only_layers\": []", "\"mlp_only_layers\": [0, 7]"))
                .containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(moeLayersOfEight("deepseek_v3", "\"first_k_dense_replace\": 1", "\"first_k_dense_replace\": 3"))
                .containsExactly(3, 4, 5, 6, 7);
        assertThat(moeLayersOfEight(
                        "deepseek_v2",
                        "\"first_k_dense_replace\": 1",
                        "\"first_k_dense_replace\": 1, \"moe_layer_freq\": 2"))
                .containsExactly(2, 4, 6);
        assertThat(moeLayersOfEight("llama4_text", "\"moe_layers\": [\n  1,\n  3\n ]", "\"moe_layers\": null"))
                .containsExactly(1, 3, 5, 7);
        assertThat(moeLayersOfEight("jamba", "\"expert_layer_period\": 2", "\"expert_layer_period\": 4"))
                .containsExactly(1, 5);
        assertThat(moeLayersOfEight("ernie4_5_moe", "\"moe_layer_end_index\": 2", "\"moe_layer_end_index\": -1"))
                .containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(moeLayersOfEight("ernie4_5_moe", "\"moe_layer_interval\": 1", "\"moe_layer_interval\": 3"))
                .containsExactly(2);
        assertThat(moeLayersOfEight("jamba", "\"num_experts\": 8", "\"num_experts\": 1"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"olmoe, false, true", "qwen2_moe, false, true", "qwen3_moe, true, false"})
    void normTopkProbDecidesWhetherGatesAreDivided(String family, boolean published, boolean other) throws IOException {
        RouterRule rule = read(family, "\"norm_topk_prob\": " + published, "\"norm_topk_prob\": " + other)
                .rule();
        assertThat(rule.divisor()).isEqualTo(other ? GateDivisor.SUM : GateDivisor.NONE);
    }

    @Test
    void kimiK2HasTheLayerOfDeepSeekV3WithOneGroup() throws IOException {
        MoeLayers kimi = read("""
                {"model_type": "kimi_k2", "hidden_size": 7168, "moe_intermediate_size": 2048, "n_routed_experts": 384,
                 "n_shared_experts": 1, "num_experts_per_tok": 8, "num_hidden_layers": 61, "first_k_dense_replace": 1,
                 "moe_layer_freq": 1, "n_group": 1, "topk_group": 1, "norm_topk_prob": true, "scoring_func": "sigmoid",
                 "topk_method": "noaux_tc", "routed_scaling_factor": 2.827, "hidden_act": "silu",
                 "quantization_config": {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128]}}
                """);
        assertThat(kimi.moeLayers()).hasSize(60).doesNotContain(0);
        assertThat(kimi.shape().experts()).isEqualTo(384);
        assertThat(kimi.shape().shared()).hasSize(1);
        assertThat(kimi.rule())
                .isEqualTo(RouterRule.of(8, ScoreFunction.SIGMOID)
                        .withGroups(
                                new ExpertGroups(1, 1, ExpertGroups.Score.SUM_OF_BEST_TWO, Double.NEGATIVE_INFINITY))
                        .withDivisor(GateDivisor.sumPlus(1e-20))
                        .withScale(2.827)
                        .withSharedExperts(1));
        assertThat(kimi.tensors().encoding()).isEqualTo(Encoding.FP8_BLOCKS);
    }

    @Test
    void theTextModelOfLlama4IsFoundInsideOfItsConfig() throws IOException {
        String text = Files.readString(FamilyFolders.folder("llama4_text").resolve("config.json"));
        MoeLayers nested = read("{\"model_type\": \"llama4\", \"text_config\": " + text + "}");
        MoeLayers alone = read(text);
        assertThat(nested.shape()).isEqualTo(alone.shape());
        assertThat(nested.rule()).isEqualTo(alone.rule());
        assertThat(nested.tensors().name(3, "router.weight", 0))
                .isEqualTo("language_model.model.layers.3.feed_forward.router.weight");
    }

    @Test
    void gptOssMayNameItsNumbersAsItsFirstConfigDid() throws IOException {
        MoeLayers layers = read("gpt_oss", "\"num_experts_per_tok\"", "\"experts_per_token\"");
        assertThat(layers.rule().topK()).isEqualTo(3);
        assertThat(layers.shape().expert().gating()).hasValue(GatedActivation.CLAMPED_SWIGLU);
    }

    @Test
    void aLayerWithoutSharedExpertsHasNone() throws IOException {
        assertThat(read("deepseek_v3", "\"n_shared_experts\": 1", "\"n_shared_experts\": null")
                        .shape()
                        .shared())
                .isEmpty();
        assertThat(read("ernie4_5_moe", "\"moe_num_shared_experts\": 2", "\"moe_num_shared_experts\": 0")
                        .shape()
                        .shared())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"silu, SILU", "gelu, GELU", "gelu_pytorch_tanh, GELU_TANH", "relu, RELU"})
    void theActivationComesFromTheConfig(String name, Activation expected) throws IOException {
        assertThat(read("mixtral", "\"silu\"", "\"" + name + "\"")
                        .shape()
                        .expert()
                        .gating())
                .hasValue(GatedActivation.of(expected));
    }

    /** The published config of DBRX has no such name and divides; null means that gates stay as they are. */
    @Test
    void gatesOfDbrxAreDividedUnlessTheConfigSaysNull() throws IOException {
        String published = "\"moe_normalize_expert_weights\": 1,";
        assertThat(read("dbrx", published, "").rule().divisor()).isEqualTo(GateDivisor.SUM);
        assertThat(read("dbrx", published, "\"moe_normalize_expert_weights\": null,")
                        .rule()
                        .divisor())
                .isEqualTo(GateDivisor.NONE);
    }

    @Test
    void configsMayHoldInfinity() throws IOException {
        assertThat(read("mixtral", "\"hidden_size\"", "\"limit\": [0.0, Infinity], \"hidden_size\"")
                        .shape()
                        .inputDim())
                .isEqualTo(64);
    }
}
