package org.expertgrid.benchmarks.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.expertgrid.experts.errors.Problems;

/**
 * The sizes of a model of OLMoE's architecture.
 *
 * @param layers how many layers
 * @param hidden the width of a row between layers, a multiple of 32 and of the heads
 * @param heads the attention heads; keys and values have as many
 * @param expertHidden the hidden width of an expert, a multiple of 32
 * @param experts the experts of a layer
 * @param topK the experts that a token goes to
 * @param vocabulary the number of tokens
 */
record ModelShape(int layers, int hidden, int heads, int expertHidden, int experts, int topK, int vocabulary) {
    /** The numbers that one scale belongs to, in both programs' formats of few bits. */
    private static final int BLOCK = 32;

    private static final int MOST_POSITIONS = 4096;
    static final double EPSILON = 1e-5;
    static final double ROPE_BASE = 10_000;

    /** A model that is small enough to be computed twice before a measurement. */
    static final ModelShape SMALL = new ModelShape(2, 256, 4, 128, 8, 3, 512);

    ModelShape {
        new Problems()
                .expect(layers >= 1, "--layers", layers, "at least 1")
                .expect(hidden >= 1 && hidden % BLOCK == 0, "--hidden-dim", hidden, "a multiple of " + BLOCK)
                .expect(
                        heads >= 1 && hidden % heads == 0 && hidden / heads % 2 == 0,
                        "--heads",
                        heads,
                        "a number that divides --hidden-dim, " + hidden + ", into heads of an even width")
                .expect(
                        expertHidden >= 1 && expertHidden % BLOCK == 0,
                        "--expert-hidden-dim",
                        expertHidden,
                        "a multiple of " + BLOCK)
                .expect(experts >= 1, "--experts", experts, "at least 1")
                .expect(topK >= 1 && topK <= experts, "--topk", topK, "1 to --experts, " + experts)
                .expect(vocabulary >= 2, "--vocabulary", vocabulary, "at least 2")
                .throwIfAny();
    }

    /** Returns the model with another number of layers. */
    ModelShape withLayers(int other) {
        return new ModelShape(other, hidden, heads, expertHidden, experts, topK, vocabulary);
    }

    /** Returns how many weights an expert has. */
    long expertWeights() {
        return 3L * hidden * expertHidden;
    }

    /** Returns how many weights a layer has. */
    long layerWeights() {
        return experts * expertWeights() + 4L * hidden * hidden + (long) experts * hidden;
    }

    /** Returns how many weights of the model every token reads, whichever experts it goes to: attention, routers and head. */
    long sharedWeights() {
        return layers * (4L * hidden * hidden + (long) experts * hidden) + (long) vocabulary * hidden;
    }

    /**
     * Returns how many different experts of a layer some tokens read together, if each chooses its experts evenly at random: each expert is
     * left out by one token with probability {@code 1 - topK / experts}.
     */
    double expectedExperts(int tokens) {
        return experts * (1 - Math.pow(1 - (double) topK / experts, tokens));
    }

    /** Returns all tensors, in the order in which they stand in the file. */
    List<RandomTensor> tensors() {
        List<RandomTensor> tensors = new ArrayList<>();
        tensors.add(RandomTensor.matrix("model.embed_tokens.weight", vocabulary, hidden));
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "model.layers." + layer + ".";
            tensors.add(RandomTensor.norm(prefix + "input_layernorm.weight", hidden));
            for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                tensors.add(RandomTensor.matrix(prefix + "self_attn." + name + ".weight", hidden, hidden));
            }
            tensors.add(RandomTensor.norm(prefix + "self_attn.q_norm.weight", hidden));
            tensors.add(RandomTensor.norm(prefix + "self_attn.k_norm.weight", hidden));
            tensors.add(RandomTensor.norm(prefix + "post_attention_layernorm.weight", hidden));
            tensors.add(RandomTensor.matrix(prefix + "mlp.gate.weight", experts, hidden));
            for (int expert = 0; expert < experts; expert++) {
                tensors.add(expert(layer, expert, "gate_proj"));
                tensors.add(expert(layer, expert, "up_proj"));
                tensors.add(expert(layer, expert, "down_proj"));
            }
        }
        tensors.add(RandomTensor.norm("model.norm.weight", hidden));
        tensors.add(RandomTensor.matrix("lm_head.weight", vocabulary, hidden));
        return tensors;
    }

    /** Returns one matrix of an expert. */
    RandomTensor expert(int layer, int expert, String name) {
        boolean down = name.equals("down_proj");
        return RandomTensor.matrix(
                "model.layers." + layer + ".mlp.experts." + expert + "." + name + ".weight",
                down ? hidden : expertHidden,
                down ? expertHidden : hidden);
    }

    /** Returns the fields of {@code config.json}. */
    Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of("OlmoeForCausalLM"));
        config.put("model_type", "olmoe");
        config.put("hidden_size", hidden);
        config.put("intermediate_size", expertHidden);
        config.put("num_hidden_layers", layers);
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", heads);
        config.put("num_experts", experts);
        config.put("num_experts_per_tok", topK);
        config.put("norm_topk_prob", false);
        config.put("vocab_size", vocabulary);
        config.put("max_position_embeddings", MOST_POSITIONS);
        config.put("rms_norm_eps", EPSILON);
        config.put("rope_theta", ROPE_BASE);
        config.put("hidden_act", "silu");
        config.put("attention_bias", false);
        config.put("tie_word_embeddings", false);
        config.put("torch_dtype", "bfloat16");
        return config;
    }

    int mostPositions() {
        return MOST_POSITIONS;
    }
}
