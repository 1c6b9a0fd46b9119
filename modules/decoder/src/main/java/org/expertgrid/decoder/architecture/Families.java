package org.expertgrid.decoder.architecture;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.expertgrid.checkpoints.config.Config;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.decoder.architecture.FamilyTraits.QueryKeyNorm;

/**
 * The families that can be run as a whole, by {@code model_type}. Each line names what its file {@code modeling_*.py} of transformers
 * does differently from {@code modeling_llama.py}.
 */
final class Families {
    private static final Map<String, FamilyTraits> TRAITS = new TreeMap<>(Map.ofEntries(
            Map.entry("olmoe", FamilyTraits.llama().withQueryKeyNorm(QueryKeyNorm.WHOLE, "")),
            Map.entry("qwen2_moe", FamilyTraits.llama().withBias("qkv_bias", true, false)),
            Map.entry("qwen3_moe", FamilyTraits.llama().withQueryKeyNorm(QueryKeyNorm.HEAD, "")),
            Map.entry("mixtral", FamilyTraits.llama().withBias("", false, false)),
            Map.entry(
                    "gpt_oss",
                    FamilyTraits.llama().withBias("attention_bias", true, true).withSinks()),
            Map.entry("deepseek_v2", FamilyTraits.llama().withLatentAttention().withInterleavedRotation()),
            Map.entry("deepseek_v3", FamilyTraits.llama().withLatentAttention().withInterleavedRotation()),
            Map.entry("kimi_k2", FamilyTraits.llama().withLatentAttention().withInterleavedRotation()),
            Map.entry("granitemoe", FamilyTraits.llama()),
            Map.entry("granitemoeshared", FamilyTraits.llama().withSharedMlp()),
            Map.entry(
                    "glm4_moe",
                    FamilyTraits.llama()
                            .withQueryKeyNorm(QueryKeyNorm.HEAD, "use_qk_norm")
                            .withBias("attention_bias", false, false)),
            Map.entry("phimoe", FamilyTraits.llama().withLayerNorm(true)),
            Map.entry(
                    "ernie4_5_moe",
                    FamilyTraits.llama().withBias("use_bias", false, true).withInterleavedRotation()),
            Map.entry(
                    "llama4_text",
                    FamilyTraits.llama()
                            .withNames(TensorNames.LLAMA4)
                            .withQueryKeyNorm(QueryKeyNorm.HEAD_AFTER_ROTATION, "use_qk_norm")
                            .withInterleavedRotation()),
            Map.entry(
                    "dbrx",
                    FamilyTraits.llama()
                            .withNames(TensorNames.DBRX)
                            .withLayerNorm(false)
                            .withBias("", false, false))));

    private Families() {}

    /** Returns the traits of a config's family, and notes the problem where the family cannot be run. */
    static FamilyTraits traits(ConfigReader config) {
        String modelType = config.text("model_type", "");
        boolean mamba = modelType.equals("jamba");
        config.expect(
                mamba || TRAITS.containsKey(modelType),
                "model_type",
                "one that can be run: " + String.join(", ", TRAITS.keySet()));
        config.expect(!mamba, "model_type", "a family without Mamba layers, which cannot be run");
        return TRAITS.getOrDefault(modelType, FamilyTraits.llama());
    }

    /** Returns the values of a config under the names that most families use for them. */
    static Config standardNames(Config config) {
        Map<String, Object> standard = new HashMap<>(config.values());
        if ("dbrx".equals(standard.get("model_type"))) {
            rename(standard, "d_model", "hidden_size");
            rename(standard, "n_heads", "num_attention_heads");
            rename(standard, "n_layers", "num_hidden_layers");
            rename(standard, "max_seq_len", "max_position_embeddings");
            if (standard.get("attn_config") instanceof Map<?, ?> attention) {
                standard.put("num_key_value_heads", attention.get("kv_n_heads"));
                standard.put("clip_qkv", attention.get("clip_qkv"));
                standard.put("rope_theta", attention.get("rope_theta"));
            }
            // The default of torch.nn.LayerNorm, which has no field of its own.
            standard.put("rms_norm_eps", 1e-5);
        }
        return Config.of(config.file(), standard);
    }

    private static void rename(Map<String, Object> fields, String from, String to) {
        fields.put(to, fields.remove(from));
    }
}
