package org.expertgrid.checkpoints.families;

import java.util.Map;
import java.util.TreeMap;
import org.expertgrid.checkpoints.config.Config;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.Problems;

/**
 * The families of models whose MoE layers can be read, by the {@code model_type} of their configs.
 *
 * <p>Stateless; safe for use by many threads.
 */
public final class Families {
    private static final Map<String, Entry> BY_MODEL_TYPE = byModelType();

    /**
     * @param config the name of the object inside of config.json that describes the text model; empty for config.json itself
     * @param prefix what the names of a layer's tensors begin with, up to the number of the layer
     */
    private record Entry(Family family, String config, String prefix) {}

    private Families() {}

    private static Map<String, Entry> byModelType() {
        Map<String, Entry> entries = new TreeMap<>();
        String layers = "model.layers.%d.";
        entries.put("dbrx", new Entry(Dbrx::read, "", "transformer.blocks.%d."));
        entries.put("deepseek_v2", new Entry(DeepSeek::readV2, "", layers));
        entries.put("deepseek_v3", new Entry(DeepSeek::readV3, "", layers));
        entries.put("ernie4_5_moe", new Entry(Ernie::read, "", layers));
        entries.put("glm4_moe", new Entry(DeepSeek::readV3, "", layers));
        entries.put("gpt_oss", new Entry(GptOss::read, "", layers));
        entries.put("granitemoe", new Entry(Granite::read, "", layers));
        entries.put("granitemoeshared", new Entry(Granite::read, "", layers));
        entries.put("jamba", new Entry(Jamba::read, "", layers));
        entries.put("kimi_k2", new Entry(DeepSeek::readV3, "", layers));
        entries.put("llama4", new Entry(Llama4::read, "text_config", "language_model.model.layers.%d."));
        entries.put("llama4_text", new Entry(Llama4::read, "", layers));
        entries.put("mixtral", new Entry(Mixtral::read, "", layers));
        entries.put("olmoe", new Entry(Qwen::readOlmoe, "", layers));
        entries.put("phimoe", new Entry(Mixtral::readPhi, "", layers));
        entries.put("qwen2_moe", new Entry(Qwen::readQwen2, "", layers));
        entries.put("qwen3_moe", new Entry(Qwen::readQwen3, "", layers));
        return entries;
    }

    /**
     * Returns what a config says about its MoE layers.
     *
     * @throws BadFileException if the {@code model_type} is not known, or a value is missing, wrong, or stands for something that
     *     cannot be computed here; names every problem
     */
    public static MoeLayers read(Config config) {
        ConfigReader whole = config.reader();
        String modelType = whole.text("model_type", "");
        Entry entry = BY_MODEL_TYPE.get(modelType);
        whole.expect(entry != null, "model_type", "one of " + BY_MODEL_TYPE.keySet());
        whole.throwIfAny();
        ConfigReader reader = entry.config().isEmpty() ? whole : whole.object(entry.config());
        whole.expect(reader == whole || whole.has(entry.config()), entry.config(), "an object");
        try {
            MoeLayers layers = entry.family().read(reader, modelType, entry.prefix());
            whole.throwIfAny();
            layers.rule().check(new Problems(), layers.shape().experts()).throwIfAny();
            return layers;
        } catch (IllegalArgumentException | ArithmeticException e) {
            whole.throwIfAny();
            throw new BadFileException(config.file() + ": " + e.getMessage(), e);
        }
    }
}
