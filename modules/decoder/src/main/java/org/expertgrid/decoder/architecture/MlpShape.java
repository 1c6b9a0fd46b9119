package org.expertgrid.decoder.architecture;

import java.util.List;
import java.util.stream.Stream;

/**
 * A gated feed-forward network that every row goes through: {@code down(silu(gate(x)) * up(x))}.
 *
 * @param gateAndUp the two projections to the inner width, or the one that computes both, the gate first
 * @param down the projection back
 */
public record MlpShape(List<LinearShape> gateAndUp, LinearShape down) {
    Stream<TensorShape> tensors() {
        return Stream.concat(gateAndUp.stream().flatMap(LinearShape::tensors), down.tensors());
    }
}
