package org.expertgrid.checkpoints.families;

import java.util.List;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.experts.routing.GateDivisor;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.ScoreFunction;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MoeShape;

/**
 * OLMoE, Qwen2-MoE and Qwen3-MoE: softmax over all experts, then the best; gates are divided by their sum where norm_topk_prob says
 * so. Qwen2-MoE has a shared expert with a gate.
 *
 * <p>Sources: transformers, modeling_olmoe.py, modeling_qwen2_moe.py, modeling_qwen3_moe.py.
 */
final class Qwen {
    private Qwen() {}

    static MoeLayers readOlmoe(ConfigReader config, String modelType, String prefix) {
        int layers = config.layers("num_hidden_layers");
        ExpertShape expert = GatedExpert.of(config, config.size("intermediate_size"));
        return new MoeLayers(
                modelType,
                layers,
                MoeLayers.where(layers, layer -> true),
                new MoeShape(expert, config.size("num_experts"), List.of()),
                rule(config),
                tensors(config, prefix));
    }

    static MoeLayers readQwen3(ConfigReader config, String modelType, String prefix) {
        ExpertShape expert = GatedExpert.of(config, config.size("moe_intermediate_size"));
        return new MoeLayers(
                modelType,
                config.layers("num_hidden_layers"),
                moeLayers(config),
                new MoeShape(expert, config.size("num_experts"), List.of()),
                rule(config),
                tensors(config, prefix));
    }

    static MoeLayers readQwen2(ConfigReader config, String modelType, String prefix) {
        MoeLayers unshared = readQwen3(config, modelType, prefix);
        return new MoeLayers(
                modelType,
                unshared.layers(),
                unshared.moeLayers(),
                new MoeShape(
                        unshared.shape().expert(),
                        unshared.shape().experts(),
                        List.of(GatedExpert.of(config, config.size("shared_expert_intermediate_size")))),
                unshared.rule().withSharedExperts(1),
                unshared.tensors()
                        .withShared(LayerTensors.gateUpDown("shared_expert."))
                        .withSharedGate("shared_expert_gate.weight"));
    }

    private static List<Integer> moeLayers(ConfigReader config) {
        List<Integer> dense = config.integers("mlp_only_layers");
        int step = config.count("decoder_sparse_step", 1);
        config.expect(step > 0, "decoder_sparse_step", "at least 1");
        return MoeLayers.where(
                config.layers("num_hidden_layers"),
                layer -> !dense.contains(layer) && (layer + 1) % Math.max(1, step) == 0);
    }

    private static RouterRule rule(ConfigReader config) {
        RouterRule rule = RouterRule.of(config.size("num_experts_per_tok"), ScoreFunction.SOFTMAX);
        return config.flag("norm_topk_prob", false) ? rule.withDivisor(GateDivisor.SUM) : rule;
    }

    private static LayerTensors tensors(ConfigReader config, String prefix) {
        Encoding encoding = Encoding.of(config, List.of(Encoding.FP8_BLOCKS));
        return LayerTensors.of(prefix + "mlp.", "gate.weight", LayerTensors.gateUpDown("experts.%d."), encoding);
    }
}
