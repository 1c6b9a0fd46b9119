package org.expertgrid.decoder.architecture;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * One layer of a model: {@code h = x + m attention(norm(x))}, then {@code h + m feedForward(norm(h))}.
 *
 * @param index its number, from 0
 * @param mlp the network of a dense layer; nothing where the layer has experts
 * @param residualMultiplier the factor m on what is added to the hidden state
 */
public record LayerShape(
        int index,
        NormShape attentionNorm,
        AttentionShape attention,
        NormShape feedForwardNorm,
        Optional<MlpShape> mlp,
        double residualMultiplier) {
    /** Returns whether the layer has experts. */
    public boolean hasExperts() {
        return mlp.isEmpty();
    }

    Stream<TensorShape> tensors() {
        return Stream.of(
                        attentionNorm.tensors(),
                        attention.tensors(),
                        feedForwardNorm.tensors(),
                        mlp.stream().flatMap(MlpShape::tensors))
                .flatMap(s -> s);
    }
}
