package org.expertgrid.decoder.architecture;

import java.util.List;
import org.expertgrid.checkpoints.config.ConfigReader;
import org.expertgrid.decoder.rotary.Rotary;
import org.expertgrid.decoder.rotary.RotaryFrequencies;

/** Reads the rotary embedding: {@code rope_theta} and {@code rope_scaling}, or {@code rope_parameters}, which has both. */
final class RotaryReader {
    private static final String KNOWN = "default, linear, llama3, yarn or longrope";

    private final ConfigReader config;
    private final ConfigReader scaling;
    private final int dimensions;
    private final double base;
    private final int mostPositions;

    private RotaryReader(ConfigReader config, int dimensions) {
        this.config = config;
        this.scaling = config.object(config.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        this.dimensions = dimensions;
        this.base = scaling.has("rope_theta") ? scaling.number("rope_theta") : config.number("rope_theta");
        this.mostPositions = config.size("max_position_embeddings");
    }

    /** Returns the embedding of so many elements of each head. */
    static Rotary read(ConfigReader config, int dimensions, boolean interleaved) {
        return new RotaryReader(config, dimensions).read(interleaved);
    }

    /** Returns the factor on attention's scale that DeepSeek's yarn asks for: {@code mscale_all_dim}; 1 for others. */
    static double scaleFactor(ConfigReader config) {
        RotaryReader reader = new RotaryReader(config, 2);
        if (!reader.scaling.has("mscale_all_dim")) {
            return 1;
        }
        double magnitude = RotaryFrequencies.yarnMagnitude(
                reader.scaling.number("factor"), reader.scaling.number("mscale_all_dim"));
        return magnitude * magnitude;
    }

    private Rotary read(boolean interleaved) {
        config.expect(dimensions % 2 == 0, "rotated elements of a head", dimensions, "an even number");
        String type = scaling.text("rope_type", scaling.text("type", "default"));
        RotaryFrequencies plain = RotaryFrequencies.plain(dimensions, base);
        return switch (type) {
            case "default" -> new Rotary(interleaved, plain);
            case "linear" -> new Rotary(interleaved, plain.linear(scaling.number("factor")));
            case "llama3" ->
                new Rotary(
                        interleaved,
                        plain.llama3(
                                scaling.number("factor"),
                                scaling.number("low_freq_factor"),
                                scaling.number("high_freq_factor"),
                                scaling.number("original_max_position_embeddings")));
            case "yarn" -> new Rotary(interleaved, yarn());
            case "longrope" -> longRope(interleaved, plain);
            default -> {
                scaling.expect(false, "rope_type", type, KNOWN);
                yield new Rotary(interleaved, plain);
            }
        };
    }

    private RotaryFrequencies yarn() {
        double factor = scaling.number("factor");
        double magnitude = RotaryFrequencies.yarnMagnitude(factor, scaling.number("mscale", 1));
        if (scaling.has("mscale") && scaling.has("mscale_all_dim")) {
            magnitude /= RotaryFrequencies.yarnMagnitude(factor, scaling.number("mscale_all_dim"));
        }
        return RotaryFrequencies.yarn(
                dimensions,
                base,
                factor,
                scaling.number("beta_fast", 32),
                scaling.number("beta_slow", 1),
                scaling.number("original_max_position_embeddings", mostPositions),
                scaling.flag("truncate", true),
                scaling.number("attention_factor", magnitude));
    }

    private Rotary longRope(boolean interleaved, RotaryFrequencies plain) {
        int original = config.has("original_max_position_embeddings")
                ? config.size("original_max_position_embeddings")
                : scaling.size("original_max_position_embeddings");
        double factor = scaling.number("factor", (double) mostPositions / original);
        double magnitude = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        double always = scaling.number("attention_factor", magnitude);
        return new Rotary(
                interleaved,
                divided(plain, "short_factor", scaling.number("short_mscale", always)),
                divided(plain, "long_factor", scaling.number("long_mscale", always)),
                original);
    }

    private RotaryFrequencies divided(RotaryFrequencies plain, String name, double magnitude) {
        List<Number> factors = scaling.list(name, Number.class, plain.pairs()).orElse(List.of());
        scaling.expect(!factors.isEmpty(), name, plain.pairs() + " factors");
        return factors.isEmpty()
                ? plain
                : plain.dividedBy(
                        factors.stream().mapToDouble(Number::doubleValue).toArray(), magnitude);
    }
}
