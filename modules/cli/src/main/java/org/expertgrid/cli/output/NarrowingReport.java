package org.expertgrid.cli.output;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.expertgrid.checkpoints.narrowing.NarrowedWeights;
import org.expertgrid.checkpoints.narrowing.NarrowingErrors;
import org.expertgrid.experts.weights.MoeWeights;

/**
 * Tells what narrowing the layers of a model has cost.
 *
 * @param layers the layers that were narrowed, with their errors
 */
public record NarrowingReport(List<Layer> layers) {
    /** The report of layers that keep what is stored. */
    public static final NarrowingReport NONE = new NarrowingReport(List.of());

    /** The errors of one layer. */
    public record Layer(int index, NarrowingErrors errors) {}

    /** Returns the report of layers whose experts have all been asked for; layers that keep what is stored are left out. */
    public static NarrowingReport of(Map<Integer, MoeWeights> weights) {
        List<Layer> layers = new ArrayList<>();
        weights.forEach((index, layer) -> {
            if (layer instanceof NarrowedWeights narrowed) {
                layers.add(new Layer(index, narrowed.errors()));
            }
        });
        return new NarrowingReport(layers);
    }

    /** Returns one line for all layers; none where there are no layers. */
    public List<String> summary() {
        return layers.stream()
                .map(layer -> layer.errors().ofOutput())
                .max(Comparator.naturalOrder())
                .map(error -> String.format(
                        Locale.ROOT, "experts narrowed: relative error of a layer's output at most %.1e", error))
                .stream()
                .toList();
    }

    /** Returns a line for each layer. */
    public List<String> lines() {
        return layers.stream().map(NarrowingReport::line).toList();
    }

    private static String line(Layer layer) {
        StringBuilder line = new StringBuilder("layer " + layer.index() + ", relative error:");
        layer.errors()
                .byMatrix()
                .forEach((role, error) -> line.append(String.format(Locale.ROOT, " %s %.2e,", role.label(), error)));
        return line.append(String.format(
                        Locale.ROOT,
                        " output on random rows %.2e",
                        layer.errors().ofOutput()))
                .toString();
    }

    /** Returns the report for JSON. */
    public List<Map<String, Object>> json() {
        List<Map<String, Object>> json = new ArrayList<>();
        for (Layer layer : layers) {
            Map<String, Object> errors = new LinkedHashMap<>();
            errors.put("layer", layer.index());
            layer.errors().byMatrix().forEach((role, error) -> errors.put(role.label(), error));
            errors.put("output", layer.errors().ofOutput());
            json.add(errors);
        }
        return json;
    }
}
