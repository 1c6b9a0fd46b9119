package org.expertgrid.cluster.models;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.expertgrid.cluster.errors.MalformedMessageException;
import org.expertgrid.cluster.layout.Codes;
import org.expertgrid.cluster.layout.LayerDefinition;
import org.expertgrid.cluster.wire.MessageBuffer;
import org.expertgrid.experts.routing.ExpertGroups;
import org.expertgrid.experts.routing.GateDivisor;
import org.expertgrid.experts.routing.GateFunction;
import org.expertgrid.experts.routing.GateOn;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.ScoreFunction;
import org.expertgrid.experts.weights.ExpertShape;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.Activation;
import org.expertgrid.kernels.GatedActivation;
import org.expertgrid.kernels.WeightFormat;

/**
 * Definitions of layers as bytes.
 *
 * <pre>
 *   layer     index i32 | experts i32 | expert | shared: count i32, experts | rule | element type u8
 *             | formats: count i32, each: count i32, u8 each
 *   expert    inputDim, hiddenDim, outputDim i32 | activation u8 | gated u8 [, activation u8, limit, alpha, offset f64]
 *             | biases u8
 *   rule      topK i32 | scores u8 | gates u8 | groups: count, kept i32, score u8, mask f64
 *             | divisor: sum u8, added, floor f64 | scale f64 | gate on u8 | mixer tolerance f64 | shared experts i32
 * </pre>
 */
final class LayerCodec {
    static final Codes<Activation> ACTIVATIONS = new Codes<>(
            "activation",
            Map.of(
                    0, Activation.IDENTITY,
                    1, Activation.RELU,
                    2, Activation.SIGMOID,
                    3, Activation.SILU,
                    4, Activation.GELU,
                    5, Activation.GELU_TANH));
    private static final Codes<ScoreFunction> SCORES = Codes.of("scores", ScoreFunction.values(), ScoreFunction::code);
    private static final Codes<GateFunction> GATES = Codes.of("gates", GateFunction.values(), GateFunction::code);
    private static final Codes<ExpertGroups.Score> GROUP_SCORES =
            Codes.of("group score", ExpertGroups.Score.values(), ExpertGroups.Score::code);
    private static final Codes<GateOn> SIDES = Codes.of("gate on", GateOn.values(), GateOn::code);
    private static final Codes<WeightFormat> FORMATS =
            Codes.of("weight format", WeightFormat.values(), WeightFormat::code);

    private static final int LEAST_EXPERT_BYTES = 3 * Integer.BYTES + 3;

    private LayerCodec() {}

    static void put(MessageBuffer out, LayerDefinition layer) {
        MoeShape shape = layer.shape();
        out.putInt(layer.index()).putInt(shape.experts());
        putExpert(out, shape.expert());
        out.putInt(shape.shared().size());
        shape.shared().forEach(shared -> putExpert(out, shared));
        putRule(out, layer.rule());
        out.putByte(Codes.ELEMENT_TYPES.of(layer.elementType()))
                .putInt(layer.formats().size());
        layer.formats().forEach(formats -> {
            out.putInt(formats.size());
            formats.forEach(format -> out.putByte(FORMATS.of(format)));
        });
    }

    /**
     * Reads a layer.
     *
     * @throws MalformedMessageException if the bytes are no layer that can be
     */
    static LayerDefinition get(MessageBuffer in) {
        try {
            int index = in.getInt();
            int experts = in.getInt();
            ExpertShape expert = getExpert(in);
            List<ExpertShape> shared = in.getList(LEAST_EXPERT_BYTES, LayerCodec::getExpert);
            RouterRule rule = getRule(in);
            var type = Codes.ELEMENT_TYPES.constant(in.getByte());
            List<List<WeightFormat>> formats =
                    in.getList(Integer.BYTES, each -> each.getList(1, one -> FORMATS.constant(one.getByte())));
            MoeShape shape = new MoeShape(expert, experts, shared);
            if (formats.size() != 1 + shared.size()) {
                throw new MalformedMessageException(
                        "formats: of " + formats.size() + " experts (expected: of " + (1 + shared.size()) + ")");
            }
            return new LayerDefinition(index, shape, rule, type, formats);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(e.getMessage());
        }
    }

    private static void putExpert(MessageBuffer out, ExpertShape expert) {
        out.putInt(expert.inputDim())
                .putInt(expert.hiddenDim())
                .putInt(expert.outputDim())
                .putByte(ACTIVATIONS.of(expert.activation()))
                .putBoolean(expert.gating().isPresent());
        expert.gating()
                .ifPresent(gating -> out.putByte(ACTIVATIONS.of(gating.activation()))
                        .putDouble(gating.limit())
                        .putDouble(gating.alpha())
                        .putDouble(gating.upOffset()));
        out.putBoolean(expert.biases());
    }

    private static ExpertShape getExpert(MessageBuffer in) {
        int inputs = in.getInt();
        int hidden = in.getInt();
        int outputs = in.getInt();
        Activation activation = ACTIVATIONS.constant(in.getByte());
        Optional<GatedActivation> gating = in.getBoolean() ? Optional.of(getGating(in)) : Optional.empty();
        return new ExpertShape(inputs, hidden, outputs, activation, gating, in.getBoolean());
    }

    private static GatedActivation getGating(MessageBuffer in) {
        return new GatedActivation(ACTIVATIONS.constant(in.getByte()), in.getDouble(), in.getDouble(), in.getDouble());
    }

    private static void putRule(MessageBuffer out, RouterRule rule) {
        out.putInt(rule.topK())
                .putByte(SCORES.of(rule.scores()))
                .putByte(GATES.of(rule.gates()))
                .putInt(rule.groups().count())
                .putInt(rule.groups().kept())
                .putByte(GROUP_SCORES.of(rule.groups().score()))
                .putDouble(rule.groups().mask())
                .putBoolean(rule.divisor().sum())
                .putDouble(rule.divisor().added())
                .putDouble(rule.divisor().floor())
                .putDouble(rule.scale())
                .putByte(SIDES.of(rule.gateOn()))
                .putDouble(rule.mixerTolerance())
                .putInt(rule.sharedExperts());
    }

    private static RouterRule getRule(MessageBuffer in) {
        int topK = in.getInt();
        ScoreFunction scores = SCORES.constant(in.getByte());
        GateFunction gates = GATES.constant(in.getByte());
        ExpertGroups groups =
                new ExpertGroups(in.getInt(), in.getInt(), GROUP_SCORES.constant(in.getByte()), in.getDouble());
        GateDivisor divisor = new GateDivisor(in.getBoolean(), in.getDouble(), in.getDouble());
        return new RouterRule(
                topK,
                scores,
                gates,
                groups,
                divisor,
                in.getDouble(),
                SIDES.constant(in.getByte()),
                in.getDouble(),
                in.getInt());
    }
}
