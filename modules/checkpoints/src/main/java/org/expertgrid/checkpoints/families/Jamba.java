package org.expertgrid.checkpoints.families;

import java.util.List;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.ScoreFunction;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MoeShape;

/**
 * Jamba: softmax, the best, gates as they are; an MoE layer every so many layers.
 *
 * <p>Source: transformers, modeling_jamba.py.
 */
final class Jamba {
    private Jamba() {}

    static MoeLayers read(ConfigReader config, String modelType, String prefix) {
        int layers = config.layers("num_hidden_layers");
        int experts = config.size("num_experts");
        int period = Math.max(1, config.count("expert_layer_period", 2));
        int offset = config.count("expert_layer_offset", 1);
        ExpertShape expert = GatedExpert.of(config, config.size("intermediate_size"));
        return new MoeLayers(
                modelType,
                layers,
                // With a single expert the published model has dense layers only.
                MoeLayers.where(layers, layer -> experts > 1 && layer % period == offset),
                new MoeShape(expert, experts, List.of()),
                RouterRule.of(config.size("num_experts_per_tok"), ScoreFunction.SOFTMAX),
                LayerTensors.of(
                        prefix + "feed_forward.",
                        "router.weight",
                        LayerTensors.gateUpDown("experts.%d."),
                        Encoding.of(config, List.of())));
    }
}
