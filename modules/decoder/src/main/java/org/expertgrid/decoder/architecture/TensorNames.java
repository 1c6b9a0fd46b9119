package org.expertgrid.decoder.architecture;

/**
 * The names of a family's tensors.
 *
 * @param layer what the names of a layer's tensors begin with, its number in the place of {@code %d}
 * @param mlp the network of a dense layer, within the layer
 * @param fusedInputs the one projection to queries, keys and values; empty where there are three
 */
record TensorNames(
        String embedding,
        String layer,
        String attentionNorm,
        String attention,
        String fusedInputs,
        String attentionOutput,
        String feedForwardNorm,
        String mlp,
        String finalNorm,
        String head) {
    static final TensorNames STANDARD = new TensorNames(
            "model.embed_tokens",
            "model.layers.%d.",
            "input_layernorm",
            "self_attn.",
            "",
            "o_proj",
            "post_attention_layernorm",
            "mlp.",
            "model.norm",
            "lm_head");

    static final TensorNames LLAMA4 = STANDARD.withMlp("feed_forward.");

    static final TensorNames DBRX = new TensorNames(
            "transformer.wte",
            "transformer.blocks.%d.",
            "norm_attn_norm.norm_1",
            "norm_attn_norm.attn.",
            "Wqkv",
            "out_proj",
            "norm_attn_norm.norm_2",
            "ffn.",
            "transformer.norm_f",
            "lm_head");

    private TensorNames withMlp(String other) {
        return new TensorNames(
                embedding,
                layer,
                attentionNorm,
                attention,
                fusedInputs,
                attentionOutput,
                feedForwardNorm,
                other,
                finalNorm,
                head);
    }
}
