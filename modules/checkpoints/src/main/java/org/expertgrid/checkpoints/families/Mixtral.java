package org.expertgrid.checkpoints.families;

import java.util.List;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MoeShape;

/**
 * Mixtral: softmax, the best, gates divided by their sum. Phi-3.5-MoE stores its layers alike and chooses by SparseMixer.
 *
 * <p>Sources: transformers, modeling_mixtral.py and modeling_phimoe.py.
 */
final class Mixtral {
    private Mixtral() {}

    static MoeLayers read(ConfigReader config, String modelType, String prefix) {
        return layers(config, modelType, prefix, RouterRule.seed(config.size("num_experts_per_tok")));
    }

    static MoeLayers readPhi(ConfigReader config, String modelType, String prefix) {
        int topK = config.size("num_experts_per_tok");
        double jitter = config.number("router_jitter_noise", 0.01);
        config.expect(topK == 2, "num_experts_per_tok", "2, which SparseMixer is defined for");
        config.expect(jitter > 0, "router_jitter_noise", "above 0");
        return layers(config, modelType, prefix, RouterRule.sparseMixer(topK, 2 * jitter));
    }

    private static MoeLayers layers(ConfigReader config, String modelType, String prefix, RouterRule rule) {
        int layers = config.layers("num_hidden_layers");
        ExpertShape expert = GatedExpert.of(config, config.size("intermediate_size"));
        return new MoeLayers(
                modelType,
                layers,
                MoeLayers.where(layers, layer -> true),
                new MoeShape(expert, config.size("num_local_experts"), List.of()),
                rule,
                LayerTensors.of(
                        prefix + "block_sparse_moe.",
                        "gate.weight",
                        LayerTensors.w1w3w2(),
                        Encoding.of(config, List.of(Encoding.FP8_BLOCKS))));
    }
}
