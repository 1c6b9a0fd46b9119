package org.expertgrid.decoder.architecture;

import java.util.List;
import java.util.stream.Stream;

/**
 * A whole model but its experts: what is computed around them, and which tensors of the checkpoint it takes.
 *
 * @param modelType the family's name, as {@code config.json} has it
 * @param vocabularySize the number of tokens
 * @param hiddenDim the width of the hidden state
 * @param mostPositions the longest sequence that the model was made for
 * @param embeddingName the tensor of embeddings, {@code [vocabularySize, hiddenDim]}
 * @param embeddingMultiplier the factor on an embedding
 * @param finalNorm the normalisation before the head
 * @param head the projection from the hidden width to logits; a tied head has the name of the embeddings
 * @param logitsDivisor what logits are divided by
 */
public record Architecture(
        String modelType,
        int vocabularySize,
        int hiddenDim,
        int mostPositions,
        String embeddingName,
        double embeddingMultiplier,
        List<LayerShape> layers,
        NormShape finalNorm,
        LinearShape head,
        double logitsDivisor) {
    /** Returns the tensors that the model takes from the checkpoint, those of the experts left out. */
    public Stream<TensorShape> tensors() {
        return Stream.of(
                        Stream.of(TensorShape.matrix(embeddingName, vocabularySize, hiddenDim)),
                        layers.stream().flatMap(LayerShape::tensors),
                        finalNorm.tensors(),
                        head.tensors())
                .flatMap(s -> s);
    }
}
