package org.expertgrid.decoder.architecture;

import java.util.Optional;
import java.util.stream.Stream;
import org.expertgrid.decoder.rotary.Rotary;

/**
 * Attention with compressed keys and values (DeepSeek-V2, 2024: multi-head latent attention). Each position keeps one latent vector and one
 * rotated key that all heads share.
 *
 * @param heads the number of heads
 * @param plainDim the part of a query's width that is not rotated ({@code qk_nope_head_dim})
 * @param rotatedDim the part that is rotated ({@code qk_rope_head_dim})
 * @param valueDim the width of a head's value
 * @param latentDim the width of the latent vector ({@code kv_lora_rank})
 * @param queryDown the projection to a compressed query, where queries are compressed
 * @param queryNorm the normalisation of the compressed query
 * @param query the projection to the heads' queries, from the hidden width or from the compressed query
 * @param keyValueDown the projection to the latent vector and the rotated key
 * @param latentNorm the normalisation of the latent vector
 * @param keyValueUp the projection from the latent vector to each head's key and value, the key first
 * @param output the projection back to the hidden width
 */
public record LatentShape(
        int heads,
        int plainDim,
        int rotatedDim,
        int valueDim,
        int latentDim,
        Optional<LinearShape> queryDown,
        Optional<NormShape> queryNorm,
        LinearShape query,
        LinearShape keyValueDown,
        NormShape latentNorm,
        LinearShape keyValueUp,
        LinearShape output,
        Optional<Rotary> rotary,
        double scale)
        implements AttentionShape {
    @Override
    public Stream<TensorShape> tensors() {
        return Stream.of(
                        queryDown.stream().flatMap(LinearShape::tensors),
                        queryNorm.stream().flatMap(NormShape::tensors),
                        query.tensors(),
                        keyValueDown.tensors(),
                        latentNorm.tensors(),
                        keyValueUp.tensors(),
                        output.tensors())
                .flatMap(s -> s);
    }
}
