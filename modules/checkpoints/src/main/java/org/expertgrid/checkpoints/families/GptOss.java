package org.expertgrid.checkpoints.families;

import java.util.List;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.checkpoints.families.StoredMatrix.Part;
import org.expertgrid.experts.routing.GateFunction;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.ScoreFunction;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.GatedActivation;
import org.expertgrid.kernels.WeightMatrix.Order;

/**
 * gpt-oss: the best logits, gates are the softmax over the chosen; a clamped SwiGLU, biases everywhere. Gate and up are the even and the odd
 * outputs of one tensor. Experts are stored as BF16, {@code [inputs, outputs]}, or as MXFP4, {@code [outputs, inputs]}.
 *
 * <p>Sources: openai/gpt-oss, gpt_oss/torch/model.py; transformers, modeling_gpt_oss.py.
 */
final class GptOss {
    private GptOss() {}

    static MoeLayers read(ConfigReader config, String modelType, String prefix) {
        int layers = config.layers("num_hidden_layers");
        int inputDim = config.size("hidden_size");
        int topK = config.size(config.has("num_experts_per_tok") ? "num_experts_per_tok" : "experts_per_token");
        GatedActivation usual = GatedActivation.CLAMPED_SWIGLU;
        double limit = config.number("swiglu_limit", usual.limit());
        config.expect(limit > 0, "swiglu_limit", "above 0");
        GatedActivation gating = new GatedActivation(
                usual.activation(), limit > 0 ? limit : usual.limit(), usual.alpha(), usual.upOffset());
        ExpertShape expert = ExpertShape.gated(inputDim, config.size("intermediate_size"), inputDim, gating, true);
        Encoding encoding = Encoding.of(config, List.of(Encoding.MXFP4));
        Order order = encoding == Encoding.MXFP4 ? Order.OUTPUT_MAJOR : Order.INPUT_MAJOR;
        List<StoredMatrix> matrices = List.of(
                StoredMatrix.stacked("experts.gate_up_proj", order, Part.EVEN).withBias("experts.gate_up_proj_bias"),
                StoredMatrix.stacked("experts.gate_up_proj", order, Part.ODD).withBias("experts.gate_up_proj_bias"),
                StoredMatrix.stacked("experts.down_proj", order, Part.ALL).withBias("experts.down_proj_bias"));
        return new MoeLayers(
                modelType,
                layers,
                MoeLayers.where(layers, layer -> true),
                new MoeShape(expert, config.size("num_local_experts"), List.of()),
                RouterRule.of(topK, ScoreFunction.LOGIT).withGates(GateFunction.SOFTMAX),
                LayerTensors.of(prefix + "mlp.", "router.weight", matrices, encoding)
                        .withRouterBias("router.bias"));
    }
}
