package org.expertgrid.decoder.architecture;

import java.util.List;
import java.util.Optional;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.decoder.architecture.FamilyTraits.QueryKeyNorm;
import org.expertgrid.decoder.rotary.Rotary;

/** Reads the attention of each layer. */
final class AttentionReader {
    private final ConfigReader config;
    private final FamilyTraits traits;
    private final int layers;
    private final int hiddenDim;
    private final int heads;
    private final double epsilon;
    private final boolean bias;
    private final Rotary rotary;
    private final int rotatedDim;

    AttentionReader(ConfigReader config, FamilyTraits traits, int layers) {
        this.config = config;
        this.traits = traits;
        this.layers = layers;
        this.hiddenDim = config.size("hidden_size");
        this.heads = config.size("num_attention_heads");
        this.epsilon = config.number("rms_norm_eps", 1e-6);
        this.bias = !traits.biasField().isEmpty() && config.flag(traits.biasField(), traits.biasOtherwise());
        this.rotatedDim = traits.latent()
                ? config.size("qk_rope_head_dim")
                : (int) (headDim() * config.number("partial_rotary_factor", 1));
        this.rotary = RotaryReader.read(config, rotatedDim, traits.interleaved());
    }

    AttentionShape read(int layer) {
        String prefix = traits.names().layer().formatted(layer) + traits.names().attention();
        return traits.latent() ? latent(prefix) : grouped(prefix, layer);
    }

    private int headDim() {
        return config.size("head_dim", Math.max(1, hiddenDim / heads));
    }

    private GroupedQueryShape grouped(String prefix, int layer) {
        int headDim = headDim();
        int keyValueHeads = config.size("num_key_value_heads", heads);
        config.expect(
                heads % keyValueHeads == 0,
                "num_attention_heads",
                heads,
                "a multiple of num_key_value_heads " + keyValueHeads);
        boolean rotated = isRotated(layer);
        boolean tuned = !rotated && config.flagOrNumber("attn_temperature_tuning");
        return new GroupedQueryShape(
                heads,
                keyValueHeads,
                headDim,
                inputs(prefix, headDim, keyValueHeads),
                new LinearShape(
                        prefix + traits.names().attentionOutput(),
                        heads * headDim,
                        hiddenDim,
                        bias && traits.outputBias()),
                queryKeyNorm(prefix + "q_norm", heads * headDim, headDim, rotated),
                queryKeyNorm(prefix + "k_norm", keyValueHeads * headDim, headDim, rotated),
                traits.queryKeyNorm() == QueryKeyNorm.HEAD_AFTER_ROTATION,
                config.number("clip_qkv", Double.POSITIVE_INFINITY),
                rotated ? Optional.of(rotary) : Optional.empty(),
                span(layer, rotated),
                config.number("attention_multiplier", 1 / Math.sqrt(headDim)),
                traits.sinks() ? Optional.of(prefix + "sinks") : Optional.empty(),
                tuned
                        ? Optional.of(new GroupedQueryShape.Temperature(
                                config.number("floor_scale"), config.number("attn_scale")))
                        : Optional.empty());
    }

    private List<LinearShape> inputs(String prefix, int headDim, int keyValueHeads) {
        int queries = heads * headDim;
        int keys = keyValueHeads * headDim;
        String fused = traits.names().fusedInputs();
        return fused.isEmpty()
                ? List.of(
                        new LinearShape(prefix + "q_proj", hiddenDim, queries, bias),
                        new LinearShape(prefix + "k_proj", hiddenDim, keys, bias),
                        new LinearShape(prefix + "v_proj", hiddenDim, keys, bias))
                : List.of(new LinearShape(prefix + fused, hiddenDim, queries + 2 * keys, bias));
    }

    private Optional<NormShape> queryKeyNorm(String name, int whole, int head, boolean rotated) {
        String field = traits.queryKeyNormField();
        if (!field.isEmpty() && !config.flag(field, false)) {
            return Optional.empty();
        }
        return switch (traits.queryKeyNorm()) {
            case NONE -> Optional.empty();
            case WHOLE -> Optional.of(new NormShape(NormShape.Kind.ROOT_MEAN_SQUARE, name, whole, epsilon, false));
            case HEAD -> Optional.of(new NormShape(NormShape.Kind.ROOT_MEAN_SQUARE, name, head, epsilon, false));
            case HEAD_AFTER_ROTATION ->
                rotated
                        ? Optional.of(new NormShape(NormShape.Kind.UNWEIGHTED, "", head, epsilon, false))
                        : Optional.empty();
        };
    }

    /** Llama 4 rotates all layers but every {@code no_rope_layer_interval}-th, or those that {@code no_rope_layers} marks with 1. */
    private boolean isRotated(int layer) {
        return config.list("no_rope_layers", Number.class, layers)
                .map(marks -> marks.get(layer).intValue() == 1)
                .orElseGet(() -> !isLlama4() || (layer + 1) % config.size("no_rope_layer_interval", 4) != 0);
    }

    private boolean isLlama4() {
        return config.has("attention_chunk_size");
    }

    private AttentionSpan span(int layer, boolean rotated) {
        Optional<String> type = config.list("layer_types", String.class, layers).map(types -> types.get(layer));
        config.expect(
                type.isPresent() || !traits.sinks(), "layer_types", "a list of " + layers + " kinds of attention");
        if (type.isPresent()) {
            return span(type.get());
        }
        if (isLlama4()) {
            return span(rotated ? "chunked_attention" : "full_attention");
        }
        boolean slides = config.has("sliding_window")
                && config.flag("use_sliding_window", true)
                && (!config.has("max_window_layers") || layer >= config.number("max_window_layers"));
        return slides ? span("sliding_attention") : AttentionSpan.ALL;
    }

    private AttentionSpan span(String type) {
        return switch (type) {
            case "full_attention" -> AttentionSpan.ALL;
            case "sliding_attention" -> new AttentionSpan(AttentionSpan.Kind.WINDOW, config.size("sliding_window"));
            case "chunked_attention" ->
                new AttentionSpan(AttentionSpan.Kind.CHUNK, config.size("attention_chunk_size"));
            default -> {
                config.expect(false, "layer_types", type, "full_attention, sliding_attention or chunked_attention");
                yield AttentionSpan.ALL;
            }
        };
    }

    private LatentShape latent(String prefix) {
        int plainDim = config.size("qk_nope_head_dim");
        int valueDim = config.size("v_head_dim");
        int latentDim = config.size("kv_lora_rank");
        int queries = heads * (plainDim + rotatedDim);
        boolean compressed = config.has("q_lora_rank");
        int queryDim = compressed ? config.size("q_lora_rank") : hiddenDim;
        return new LatentShape(
                heads,
                plainDim,
                rotatedDim,
                valueDim,
                latentDim,
                compressed
                        ? Optional.of(new LinearShape(prefix + "q_a_proj", hiddenDim, queryDim, bias))
                        : Optional.empty(),
                compressed ? Optional.of(latentNorm(prefix + "q_a_layernorm", queryDim)) : Optional.empty(),
                new LinearShape(prefix + (compressed ? "q_b_proj" : "q_proj"), queryDim, queries, false),
                new LinearShape(prefix + "kv_a_proj_with_mqa", hiddenDim, latentDim + rotatedDim, bias),
                latentNorm(prefix + "kv_a_layernorm", latentDim),
                new LinearShape(prefix + "kv_b_proj", latentDim, heads * (plainDim + valueDim), false),
                new LinearShape(prefix + "o_proj", heads * valueDim, hiddenDim, bias),
                Optional.of(rotary),
                RotaryReader.scaleFactor(config) / Math.sqrt(plainDim + rotatedDim));
    }

    /** DeepSeek's modeling code gives these two normalisations the default epsilon of its class, whatever the configuration says. */
    private NormShape latentNorm(String name, int width) {
        return new NormShape(NormShape.Kind.ROOT_MEAN_SQUARE, name, width, 1e-6, false);
    }
}
