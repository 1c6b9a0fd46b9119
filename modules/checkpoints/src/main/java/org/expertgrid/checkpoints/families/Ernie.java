package org.expertgrid.checkpoints.families;

import java.util.List;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.experts.routing.GateDivisor;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.ScoreFunction;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MoeShape;

/**
 * ERNIE-4.5-MoE: softmax, the best by probability and bias, gates without the bias and divided by their sum, which counts as at least
 * moe_norm_min; shared experts without a gate.
 *
 * <p>Source: transformers, modeling_ernie4_5_moe.py.
 */
final class Ernie {
    private Ernie() {}

    static MoeLayers read(ConfigReader config, String modelType, String prefix) {
        int layers = config.layers("num_hidden_layers");
        int hiddenDim = config.size("moe_intermediate_size");
        int sharedExperts = config.count("moe_num_shared_experts", 2);
        config.expect(!config.flag("use_bias", false), "use_bias", "false");
        ExpertShape expert = GatedExpert.of(config, hiddenDim);
        List<ExpertShape> shared = sharedExperts == 0
                ? List.of()
                : List.of(GatedExpert.of(config, Math.multiplyExact(sharedExperts, hiddenDim)));
        RouterRule rule = RouterRule.of(config.size("moe_k"), ScoreFunction.SOFTMAX)
                .withDivisor(GateDivisor.sumAtLeast(config.number("moe_norm_min", 1e-12)))
                .withSharedExperts(shared.size());
        LayerTensors tensors = LayerTensors.of(
                        prefix + "mlp.",
                        "gate.weight",
                        LayerTensors.gateUpDown("experts.%d."),
                        Encoding.of(config, List.of(Encoding.FP8_BLOCKS)))
                .withChoiceBias("moe_statics.e_score_correction_bias");
        return new MoeLayers(
                modelType,
                layers,
                moeLayers(config, layers),
                new MoeShape(expert, config.size("moe_num_experts"), shared),
                rule,
                shared.isEmpty() ? tensors : tensors.withShared(LayerTensors.gateUpDown("shared_experts.")));
    }

    private static List<Integer> moeLayers(ConfigReader config, int layers) {
        int first = config.count("moe_layer_start_index", 1);
        int end = config.integer("moe_layer_end_index", -1);
        int last = end == -1 ? layers - 1 : end;
        int interval = Math.max(1, config.count("moe_layer_interval", 1));
        return MoeLayers.where(layers, layer -> (layer + 1) % interval == 0 && layer >= first && layer <= last);
    }
}
