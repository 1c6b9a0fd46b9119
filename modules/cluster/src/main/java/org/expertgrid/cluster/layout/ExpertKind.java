package org.expertgrid.cluster.layout;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.GatedActivation;
import org.expertgrid.kernels.WeightFormat;

/**
 * The properties that are the same for all experts that the same code computes: everything but sizes and numbers.
 *
 * @param elementType what they are computed in
 * @param formats what each matrix is stored as
 * @param activation what plain experts apply
 * @param gating how gated experts join the products of gate and up; nothing for plain ones
 * @param biases whether each matrix has a bias
 * @param gateOn what gates multiply
 */
public record ExpertKind(
        ElementType elementType,
        List<WeightFormat> formats,
        Activation activation,
        Optional<GatedActivation> gating,
        boolean biases,
        GateOn gateOn) {
    public ExpertKind {
        formats = List.copyOf(formats);
    }

    /** Returns the kind of the seed's experts, stored as they are computed. */
    public static ExpertKind seed(ElementType type) {
        WeightFormat format = WeightFormat.of(type);
        return new ExpertKind(type, List.of(format, format), Activation.RELU, Optional.empty(), true, GateOn.OUTPUT);
    }

    /** Returns the kinds of a layer's experts. A layer of which only the first matrices are stored has none. */
    public static Set<ExpertKind> of(LayerDefinition layer) {
        int experts = layer.shape().experts();
        return IntStream.range(experts - 1, layer.shape().allExperts())
                .filter(expert -> layer.matrices(expert)
                        .equals(layer.shape().expert(expert).matrices()))
                .mapToObj(expert -> of(layer, expert))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static ExpertKind of(LayerDefinition layer, int expert) {
        ExpertShape shape = layer.shape().expert(expert);
        List<WeightFormat> formats = layer.roles(expert).stream()
                .map(role -> layer.format(expert, role))
                .toList();
        return new ExpertKind(
                layer.elementType(),
                formats,
                shape.activation(),
                shape.gating(),
                shape.biases(),
                layer.rule().gateOn());
    }

    /** Returns the shape of an expert of this kind that is as wide everywhere. */
    public ExpertShape shape(int width) {
        return new ExpertShape(width, width, width, activation, gating, biases);
    }
}
