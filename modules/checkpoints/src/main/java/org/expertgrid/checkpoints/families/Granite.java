package org.expertgrid.checkpoints.families;

import java.util.List;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.checkpoints.families.StoredMatrix.Part;
import org.expertgrid.experts.routing.GateFunction;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.ScoreFunction;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.WeightMatrix.Order;

/**
 * Granite-MoE: the best logits, gates are the softmax over the chosen. Gate and up are the halves of one tensor.
 *
 * <p>The shared_mlp of the variant with shared experts is no part of this layer: the published model keeps it beside the MoE block
 * ({@code model.layers.N.shared_mlp}), and the model that is around this layer adds it.
 *
 * <p>Sources: transformers, modeling_granitemoe.py and modeling_granitemoeshared.py.
 */
final class Granite {
    private Granite() {}

    static MoeLayers read(ConfigReader config, String modelType, String prefix) {
        int layers = config.layers("num_hidden_layers");
        ExpertShape expert = GatedExpert.of(config, config.size("intermediate_size"));
        List<StoredMatrix> matrices = List.of(
                StoredMatrix.stacked("input_linear.weight", Order.OUTPUT_MAJOR, Part.FIRST_HALF),
                StoredMatrix.stacked("input_linear.weight", Order.OUTPUT_MAJOR, Part.SECOND_HALF),
                StoredMatrix.stacked("output_linear.weight", Order.OUTPUT_MAJOR, Part.ALL));
        return new MoeLayers(
                modelType,
                layers,
                MoeLayers.where(layers, layer -> true),
                new MoeShape(expert, config.size("num_local_experts"), List.of()),
                RouterRule.of(config.size("num_experts_per_tok"), ScoreFunction.LOGIT)
                        .withGates(GateFunction.SOFTMAX),
                LayerTensors.of(
                        prefix + "block_sparse_moe.", "router.layer.weight", matrices, Encoding.of(config, List.of())));
    }
}
