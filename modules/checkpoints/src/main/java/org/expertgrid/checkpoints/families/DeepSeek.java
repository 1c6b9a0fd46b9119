package org.expertgrid.checkpoints.families;

import java.util.List;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.experts.routing.ExpertGroups;
import org.expertgrid.experts.routing.GateDivisor;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.ScoreFunction;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MoeShape;

/**
 * DeepSeek-V2 and DeepSeek-V3. GLM-4-MoE and Kimi-K2 have the layer of DeepSeek-V3.
 *
 * <p>V2: softmax, the best of the groups with the best single experts, gates times a factor. V3: sigmoid, the best by score and bias of the
 * groups with the best two experts, gates without the bias, divided by their sum and times a factor.
 *
 * <p>Sources: deepseek-ai/DeepSeek-V3, inference/model.py, whose groups that are not kept score negative infinity; transformers,
 * modeling_deepseek_v2.py, modeling_deepseek_v3.py, modeling_glm4_moe.py.
 */
final class DeepSeek {
    private static final double ADDED_TO_SUM = 1e-20;

    private DeepSeek() {}

    static MoeLayers readV2(ConfigReader config, String modelType, String prefix) {
        String method = config.text("topk_method", "greedy");
        config.expect(
                List.of("greedy", "group_limited_greedy").contains(method),
                "topk_method",
                "greedy or group_limited_greedy");
        config.expect(config.text("scoring_func", "softmax").equals("softmax"), "scoring_func", "softmax");
        config.expect(
                !config.flag("norm_topk_prob", false),
                "norm_topk_prob",
                "false; published implementations differ about what true means");
        RouterRule rule = RouterRule.of(config.size("num_experts_per_tok"), ScoreFunction.SOFTMAX)
                .withScale(config.number("routed_scaling_factor"));
        if (method.equals("group_limited_greedy")) {
            rule = rule.withGroups(groups(config, ExpertGroups.Score.MAXIMUM));
        }
        return layers(config, modelType, rule, tensors(config, prefix));
    }

    static MoeLayers readV3(ConfigReader config, String modelType, String prefix) {
        config.expect(config.text("topk_method", "noaux_tc").equals("noaux_tc"), "topk_method", "noaux_tc");
        config.expect(config.text("scoring_func", "sigmoid").equals("sigmoid"), "scoring_func", "sigmoid");
        RouterRule rule = RouterRule.of(config.size("num_experts_per_tok"), ScoreFunction.SIGMOID)
                .withGroups(groups(config, ExpertGroups.Score.SUM_OF_BEST_TWO))
                .withScale(config.number("routed_scaling_factor"));
        if (config.flag("norm_topk_prob", true)) {
            rule = rule.withDivisor(GateDivisor.sumPlus(ADDED_TO_SUM));
        }
        return layers(config, modelType, rule, tensors(config, prefix).withChoiceBias("gate.e_score_correction_bias"));
    }

    private static ExpertGroups groups(ConfigReader config, ExpertGroups.Score score) {
        int count = config.size("n_group");
        int kept = config.size("topk_group");
        config.expect(kept <= count, "topk_group", "at most n_group, " + count);
        return new ExpertGroups(count, Math.min(kept, count), score, Double.NEGATIVE_INFINITY);
    }

    private static MoeLayers layers(ConfigReader config, String modelType, RouterRule rule, LayerTensors tensors) {
        int layers = config.layers("num_hidden_layers");
        int firstMoe = config.count("first_k_dense_replace");
        int step = Math.max(1, config.count("moe_layer_freq", 1));
        int hiddenDim = config.size("moe_intermediate_size");
        int sharedExperts = config.count("n_shared_experts", 0);
        ExpertShape expert = GatedExpert.of(config, hiddenDim);
        // The published checkpoints keep all shared experts as one that is so many times as wide.
        List<ExpertShape> shared = sharedExperts == 0
                ? List.of()
                : List.of(GatedExpert.of(config, Math.multiplyExact(sharedExperts, hiddenDim)));
        return new MoeLayers(
                modelType,
                layers,
                MoeLayers.where(layers, layer -> layer >= firstMoe && layer % step == 0),
                new MoeShape(expert, config.size("n_routed_experts"), shared),
                rule.withSharedExperts(shared.size()),
                shared.isEmpty() ? tensors : tensors.withShared(LayerTensors.gateUpDown("shared_experts.")));
    }

    private static LayerTensors tensors(ConfigReader config, String prefix) {
        return LayerTensors.of(
                prefix + "mlp.",
                "gate.weight",
                LayerTensors.gateUpDown("experts.%d."),
                Encoding.of(config, List.of(Encoding.FP8_BLOCKS)));
    }
}
