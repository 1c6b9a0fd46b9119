package org.expertgrid.checkpoints.families;

import java.util.List;
import java.util.Optional;

/**
 * Where the weights of an MoE layer are in a checkpoint: names, without numbers. Names stand behind the layer's prefix.
 *
 * @param prefix what all names of a layer begin with, {@code %d} for the number of the layer
 * @param router the weight of the router, {@code [experts, inputDim]}
 * @param routerBias its bias, {@code [experts]}; nothing where there is none
 * @param choiceBias the bias that only chooses, {@code [experts]} or {@code [1, experts]}; nothing where there is none
 * @param sharedGate the gate of the shared expert, {@code [1, inputDim]}; nothing where there is none
 * @param experts the matrices of the experts that rows choose from, in the order of their shape's matrices
 * @param shared the matrices of the shared expert, in the same order; empty where there is none
 * @param encoding how the matrices of experts are encoded
 */
public record LayerTensors(
        String prefix,
        String router,
        Optional<String> routerBias,
        Optional<String> choiceBias,
        Optional<String> sharedGate,
        List<StoredMatrix> experts,
        List<StoredMatrix> shared,
        Encoding encoding) {

    /** Returns the names of a layer that has no bias and no shared expert. */
    static LayerTensors of(String prefix, String router, List<StoredMatrix> experts, Encoding encoding) {
        return new LayerTensors(
                prefix, router, Optional.empty(), Optional.empty(), Optional.empty(), experts, List.of(), encoding);
    }

    /** Returns the matrices of an expert whose tensors are called gate_proj, up_proj and down_proj, behind {@code expert}. */
    static List<StoredMatrix> gateUpDown(String expert) {
        return List.of(
                StoredMatrix.each(expert + "gate_proj.weight"),
                StoredMatrix.each(expert + "up_proj.weight"),
                StoredMatrix.each(expert + "down_proj.weight"));
    }

    /** Returns the matrices of an expert whose tensors are called w1 (gate), w3 (up) and w2 (down). */
    static List<StoredMatrix> w1w3w2() {
        return List.of(
                StoredMatrix.each("experts.%d.w1.weight"),
                StoredMatrix.each("experts.%d.w3.weight"),
                StoredMatrix.each("experts.%d.w2.weight"));
    }

    LayerTensors withRouterBias(String name) {
        return new LayerTensors(prefix, router, Optional.of(name), choiceBias, sharedGate, experts, shared, encoding);
    }

    LayerTensors withChoiceBias(String name) {
        return new LayerTensors(prefix, router, routerBias, Optional.of(name), sharedGate, experts, shared, encoding);
    }

    LayerTensors withShared(List<StoredMatrix> matrices) {
        return new LayerTensors(prefix, router, routerBias, choiceBias, sharedGate, experts, matrices, encoding);
    }

    LayerTensors withSharedGate(String name) {
        return new LayerTensors(prefix, router, routerBias, choiceBias, Optional.of(name), experts, shared, encoding);
    }

    /** Returns what the names of all tensors of a layer begin with. */
    public String prefix(int layer) {
        return prefix.formatted(layer);
    }

    /** Returns the full name of a tensor of a layer; {@code expert} counts only where each expert has such a tensor. */
    public String name(int layer, String key, int expert) {
        return prefix(layer) + key.formatted(expert);
    }
}
