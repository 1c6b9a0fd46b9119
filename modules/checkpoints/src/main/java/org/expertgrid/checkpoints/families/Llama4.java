package org.expertgrid.checkpoints.families;

import java.util.List;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.checkpoints.families.StoredMatrix.Part;
import org.expertgrid.experts.routing.GateFunction;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.ScoreFunction;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.WeightMatrix.Order;

/**
 * The text model of Llama 4: the best logits, whose sigmoids multiply the inputs of the experts; a shared expert without a gate. Gate and
 * up are the halves of one tensor, {@code [inputs, outputs]}.
 *
 * <p>Source: transformers, modeling_llama4.py.
 */
final class Llama4 {
    private Llama4() {}

    static MoeLayers read(ConfigReader config, String modelType, String prefix) {
        int layers = config.layers("num_hidden_layers");
        ExpertShape expert = GatedExpert.of(config, config.size("intermediate_size"));
        List<StoredMatrix> matrices = List.of(
                StoredMatrix.stacked("experts.gate_up_proj", Order.INPUT_MAJOR, Part.FIRST_HALF),
                StoredMatrix.stacked("experts.gate_up_proj", Order.INPUT_MAJOR, Part.SECOND_HALF),
                StoredMatrix.stacked("experts.down_proj", Order.INPUT_MAJOR, Part.ALL));
        return new MoeLayers(
                modelType,
                layers,
                moeLayers(config, layers),
                new MoeShape(expert, config.size("num_local_experts"), List.of(expert)),
                RouterRule.of(config.size("num_experts_per_tok"), ScoreFunction.LOGIT)
                        .withGates(GateFunction.SIGMOID)
                        .withGateOn(GateOn.INPUT)
                        .withSharedExperts(1),
                LayerTensors.of(prefix + "feed_forward.", "router.weight", matrices, Encoding.of(config, List.of()))
                        .withShared(LayerTensors.gateUpDown("shared_expert.")));
    }

    private static List<Integer> moeLayers(ConfigReader config, int layers) {
        if (config.has("moe_layers")) {
            List<Integer> listed = config.integers("moe_layers");
            return MoeLayers.where(layers, listed::contains);
        }
        int step = Math.max(1, config.count("interleave_moe_layer_step", 1));
        return MoeLayers.where(layers, layer -> layer % step == step - 1);
    }
}
