package org.expertgrid.decoder.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.expertgrid.checkpoints.config.Config;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.experts.errors.BadFileException;

/** Reads {@code config.json} into an {@link Architecture}. */
public final class ArchitectureReader {
    private final ConfigReader config;
    private final FamilyTraits traits;
    private final String modelType;
    private final int hiddenDim;
    private final int layers;
    private final double epsilon;

    private ArchitectureReader(ConfigReader config) {
        this.config = config;
        this.traits = Families.traits(config);
        this.modelType = config.text("model_type", "");
        this.hiddenDim = config.size("hidden_size");
        this.layers = config.layers("num_hidden_layers");
        this.epsilon = config.number(config.has("layer_norm_eps") ? "layer_norm_eps" : "rms_norm_eps");
    }

    /**
     * Returns the architecture that a config describes.
     *
     * @param hasExperts which layers have experts
     * @throws BadFileException if it cannot be run; names every problem
     */
    public static Architecture read(Config config, IntPredicate hasExperts) {
        ConfigReader reader = Families.standardNames(config).reader();
        Architecture architecture = new ArchitectureReader(reader).read(hasExperts);
        reader.throwIfAny();
        return architecture;
    }

    private Architecture read(IntPredicate hasExperts) {
        checkWhatIsNotSupported();
        TensorNames names = traits.names();
        int vocabulary = config.size("vocab_size");
        boolean tied = config.flag("tie_word_embeddings", false);
        List<LayerShape> shapes = new ArrayList<>();
        AttentionReader attention = new AttentionReader(config, traits, layers);
        for (int layer = 0; layer < layers; layer++) {
            String prefix = names.layer().formatted(layer);
            shapes.add(new LayerShape(
                    layer,
                    norm(prefix + names.attentionNorm()),
                    attention.read(layer),
                    norm(prefix + names.feedForwardNorm()),
                    hasExperts.test(layer),
                    hasExperts.test(layer) ? besideExperts(prefix) : Optional.of(mlp(prefix + names.mlp())),
                    config.number("residual_multiplier", 1)));
        }
        return new Architecture(
                modelType,
                vocabulary,
                hiddenDim,
                config.size("max_position_embeddings"),
                names.embedding() + ".weight",
                config.number("embedding_multiplier", 1),
                shapes,
                norm(names.finalNorm()),
                new LinearShape(
                        tied ? names.embedding() : names.head(),
                        hiddenDim,
                        vocabulary,
                        config.flag("lm_head_bias", false)),
                config.number("logits_scaling", 1));
    }

    private void checkWhatIsNotSupported() {
        config.expect(!config.has("vision_config"), "vision_config", "an image tower", "a model of text alone");
        String activation = config.text("hidden_act", "silu");
        config.expect(activation.equals("silu"), "hidden_act", "silu");
        String positions = config.text("position_embedding_type", "rope");
        config.expect(positions.equals("rope"), "position_embedding_type", "rope");
    }

    private NormShape norm(String name) {
        NormShape.Kind kind = traits.layerNorm() ? NormShape.Kind.LAYER : NormShape.Kind.ROOT_MEAN_SQUARE;
        return new NormShape(kind, name, hiddenDim, epsilon, traits.normBias());
    }

    private MlpShape mlp(String prefix) {
        int width = config.size(config.has("intermediate_size_mlp") ? "intermediate_size_mlp" : "intermediate_size");
        boolean bias = config.flag("mlp_bias", false) || config.flag("use_bias", false);
        return new MlpShape(
                List.of(
                        new LinearShape(prefix + "gate_proj", hiddenDim, width, bias),
                        new LinearShape(prefix + "up_proj", hiddenDim, width, bias)),
                new LinearShape(prefix + "down_proj", width, hiddenDim, bias));
    }

    /** Granite's shared network stands beside the experts' tensors, and not among them as in other families. */
    private Optional<MlpShape> besideExperts(String prefix) {
        int width = traits.sharedMlp() ? config.count("shared_intermediate_size", 0) : 0;
        return width == 0
                ? Optional.empty()
                : Optional.of(new MlpShape(
                        List.of(new LinearShape(prefix + "shared_mlp.input_linear", hiddenDim, 2 * width, false)),
                        new LinearShape(prefix + "shared_mlp.output_linear", width, hiddenDim, false)));
    }
}
