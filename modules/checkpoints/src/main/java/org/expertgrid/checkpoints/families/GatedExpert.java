package org.expertgrid.checkpoints.families;

import java.util.Map;
import java.util.TreeMap;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.GatedActivation;

/** The shape of most families' experts: gate, up and down without biases, an activation that the config names, as wide out as in. */
final class GatedExpert {
    private static final Map<String, Activation> ACTIVATIONS = new TreeMap<>(Map.of(
            "silu", Activation.SILU,
            "swish", Activation.SILU,
            "relu", Activation.RELU,
            "gelu", Activation.GELU,
            "gelu_new", Activation.GELU_TANH,
            "gelu_pytorch_tanh", Activation.GELU_TANH,
            "sigmoid", Activation.SIGMOID,
            "linear", Activation.IDENTITY));

    private GatedExpert() {}

    /** Returns the shape of an expert of that hidden width, of a config that has hidden_size and hidden_act. */
    static ExpertShape of(ConfigReader config, int hiddenDim) {
        return of(config.size("hidden_size"), hiddenDim, config, "hidden_act");
    }

    /** Returns the shape of an expert whose activation is the value of that name; SiLU where there is none. */
    static ExpertShape of(int inputDim, int hiddenDim, ConfigReader config, String name) {
        Activation activation = ACTIVATIONS.get(config.text(name, "silu"));
        config.expect(activation != null, name, "one of " + ACTIVATIONS.keySet());
        GatedActivation gating = GatedActivation.of(activation == null ? Activation.SILU : activation);
        return ExpertShape.gated(inputDim, hiddenDim, inputDim, gating, false);
    }
}
