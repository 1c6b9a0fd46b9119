package org.expertgrid.decoder.architecture;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * One layer of a model: {@code h = x + m attention(norm(x))}, then {@code h + m feedForward(norm(h))}.
 *
 * @param index its number, from 0
 * @param hasExperts whether the feed-forward part has experts
 * @param mlp the network of a layer without experts, or the one whose result is added to that of the experts
 * @param residualMultiplier the factor m on what is added to the hidden state
 */
public record LayerShape(
        int index,
        NormShape attentionNorm,
        AttentionShape attention,
        NormShape feedForwardNorm,
        boolean hasExperts,
        Optional<MlpShape> mlp,
        double residualMultiplier) {
    Stream<TensorShape> tensors() {
        return Stream.of(
                        attentionNorm.tensors(),
                        attention.tensors(),
                        feedForwardNorm.tensors(),
                        mlp.stream().flatMap(MlpShape::tensors))
                .flatMap(s -> s);
    }
}
