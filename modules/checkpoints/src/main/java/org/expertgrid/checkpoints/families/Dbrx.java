package org.expertgrid.checkpoints.families;

import java.util.List;
import java.util.Optional;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.checkpoints.families.StoredMatrix.Part;
import org.expertgrid.checkpoints.families.StoredMatrix.Stacking;
import org.expertgrid.experts.routing.GateDivisor;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.ScoreFunction;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.WeightMatrix.Order;

/**
 * DBRX: softmax, the best, gates divided by their sum. The rows of all experts follow each other in three tensors, of which w2 is stored
 * {@code [inputs, outputs]} and the other two {@code [outputs, inputs]}.
 *
 * <p>Source: databricks/dbrx-base, modeling_dbrx.py.
 */
final class Dbrx {
    private Dbrx() {}

    static MoeLayers read(ConfigReader config, String modelType, String prefix) {
        ConfigReader ffn = config.object("ffn_config");
        int layers = config.layers("n_layers");
        int inputDim = config.size("d_model");
        ExpertShape expert = GatedExpert.of(inputDim, ffn.size("ffn_hidden_size"), ffn.object("ffn_act_fn"), "name");
        RouterRule rule = RouterRule.of(ffn.size("moe_top_k"), ScoreFunction.SOFTMAX);
        // Published configs leave the name out, and mean 1.
        boolean divides = !ffn.isNull("moe_normalize_expert_weights");
        ffn.expect(
                !divides || ffn.number("moe_normalize_expert_weights", 1) == 1,
                "moe_normalize_expert_weights",
                "1 or null");
        List<StoredMatrix> matrices = List.of(
                flattened("experts.mlp.w1", Order.OUTPUT_MAJOR),
                flattened("experts.mlp.v1", Order.OUTPUT_MAJOR),
                flattened("experts.mlp.w2", Order.INPUT_MAJOR));
        return new MoeLayers(
                modelType,
                layers,
                MoeLayers.where(layers, layer -> true),
                new MoeShape(expert, ffn.size("moe_num_experts"), List.of()),
                divides ? rule.withDivisor(GateDivisor.SUM) : rule,
                LayerTensors.of(prefix + "ffn.", "router.layer.weight", matrices, Encoding.of(config, List.of())));
    }

    private static StoredMatrix flattened(String key, Order order) {
        return new StoredMatrix(key, order, Stacking.FLATTENED, Part.ALL, Optional.empty());
    }
}
