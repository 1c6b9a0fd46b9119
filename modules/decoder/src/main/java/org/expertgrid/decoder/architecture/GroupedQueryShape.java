package org.expertgrid.decoder.architecture;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.expertgrid.decoder.rotary.Rotary;

/**
 * Attention in which consecutive query heads share a head of keys and values (Ainslie and others, 2023: GQA).
 *
 * @param heads the number of query heads, a multiple of {@code keyValueHeads}
 * @param headDim the width of a head
 * @param inputs the projections to queries, keys and values, in this order: three, or one that computes all
 * @param output the projection back to the hidden width
 * @param queryNorm the normalisation of queries; over all heads at once or over each, as its width says
 * @param keyNorm the normalisation of keys
 * @param normAfterRotation whether queries and keys are normalised after they are rotated, and not before
 * @param clip the largest magnitude of an element of queries, keys and values after the normalisation
 * @param sinks the name of the tensor of sinks, one logit a head that takes part in the softmax and belongs to no position
 * @param temperature how much longer positions sharpen the queries
 */
public record GroupedQueryShape(
        int heads,
        int keyValueHeads,
        int headDim,
        List<LinearShape> inputs,
        LinearShape output,
        Optional<NormShape> queryNorm,
        Optional<NormShape> keyNorm,
        boolean normAfterRotation,
        double clip,
        Optional<Rotary> rotary,
        AttentionSpan span,
        double scale,
        Optional<String> sinks,
        Optional<Temperature> temperature)
        implements AttentionShape {

    /**
     * A factor on the query that grows with its position: {@code log(1 + floor((position + 1) / floor)) * strength + 1}, as in Llama 4's
     * layers without rotation ({@code modeling_llama4.py}, {@code attn_temperature_tuning}).
     */
    public record Temperature(double floor, double strength) {
        /** Returns the factor on the query of that position. */
        public double at(int position) {
            return Math.log1p(Math.floor((position + 1) / floor)) * strength + 1;
        }
    }

    @Override
    public Stream<TensorShape> tensors() {
        return Stream.of(
                        inputs.stream().flatMap(LinearShape::tensors),
                        output.tensors(),
                        queryNorm.stream().flatMap(NormShape::tensors),
                        keyNorm.stream().flatMap(NormShape::tensors),
                        sinks.stream().map(name -> TensorShape.vector(name, heads)))
                .flatMap(s -> s);
    }
}
