package org.expertgrid.decoder.architecture;

import java.util.stream.Stream;

/** A gated feed-forward network without experts: {@code down(silu(gate(x)) * up(x))}. */
public record MlpShape(LinearShape gate, LinearShape up, LinearShape down) {
    Stream<TensorShape> tensors() {
        return Stream.of(gate, up, down).flatMap(LinearShape::tensors);
    }
}
