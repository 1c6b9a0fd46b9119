package org.expertgrid.decoder.architecture;

/**
 * The differences of a family from Llama that its {@code config.json} does not say.
 *
 * @param names what its tensors are called
 * @param layerNorm whether its normalisations subtract the mean, and not only divide by the root mean square
 * @param normBias whether its normalisations add a bias
 * @param queryKeyNorm how queries and keys are normalised
 * @param queryKeyNormField the field that switches this normalisation off; empty where there is none
 * @param biasField the field that says whether the projections of attention have biases; empty where they never do
 * @param biasOtherwise what holds where this field is missing
 * @param outputBias whether the projection out of attention has a bias where the others have
 * @param interleaved whether neighbours are rotated together
 * @param sinks whether each head has a sink
 * @param latent whether keys and values are compressed
 * @param sharedMlp whether a network stands beside the experts of a layer
 */
record FamilyTraits(
        TensorNames names,
        boolean layerNorm,
        boolean normBias,
        QueryKeyNorm queryKeyNorm,
        String queryKeyNormField,
        String biasField,
        boolean biasOtherwise,
        boolean outputBias,
        boolean interleaved,
        boolean sinks,
        boolean latent,
        boolean sharedMlp) {
    /** How queries and keys are normalised. */
    enum QueryKeyNorm {
        NONE,
        /** All heads together, before they are rotated. */
        WHOLE,
        /** Each head, before it is rotated. */
        HEAD,
        /** Each head after it is rotated and without a weight, in layers that rotate. */
        HEAD_AFTER_ROTATION
    }

    /** The traits of Llama with biases in attention where {@code attention_bias} asks for them. */
    static FamilyTraits llama() {
        return new FamilyTraits(
                TensorNames.STANDARD,
                false,
                false,
                QueryKeyNorm.NONE,
                "",
                "attention_bias",
                false,
                true,
                false,
                false,
                false,
                false);
    }

    FamilyTraits withNames(TensorNames other) {
        return new FamilyTraits(
                other,
                layerNorm,
                normBias,
                queryKeyNorm,
                queryKeyNormField,
                biasField,
                biasOtherwise,
                outputBias,
                interleaved,
                sinks,
                latent,
                sharedMlp);
    }

    FamilyTraits withLayerNorm(boolean bias) {
        return new FamilyTraits(
                names,
                true,
                bias,
                queryKeyNorm,
                queryKeyNormField,
                biasField,
                biasOtherwise,
                outputBias,
                interleaved,
                sinks,
                latent,
                sharedMlp);
    }

    FamilyTraits withQueryKeyNorm(QueryKeyNorm norm, String field) {
        return new FamilyTraits(
                names,
                layerNorm,
                normBias,
                norm,
                field,
                biasField,
                biasOtherwise,
                outputBias,
                interleaved,
                sinks,
                latent,
                sharedMlp);
    }

    FamilyTraits withBias(String field, boolean otherwise, boolean output) {
        return new FamilyTraits(
                names,
                layerNorm,
                normBias,
                queryKeyNorm,
                queryKeyNormField,
                field,
                otherwise,
                output,
                interleaved,
                sinks,
                latent,
                sharedMlp);
    }

    FamilyTraits withInterleavedRotation() {
        return new FamilyTraits(
                names,
                layerNorm,
                normBias,
                queryKeyNorm,
                queryKeyNormField,
                biasField,
                biasOtherwise,
                outputBias,
                true,
                sinks,
                latent,
                sharedMlp);
    }

    FamilyTraits withSinks() {
        return new FamilyTraits(
                names,
                layerNorm,
                normBias,
                queryKeyNorm,
                queryKeyNormField,
                biasField,
                biasOtherwise,
                outputBias,
                interleaved,
                true,
                latent,
                sharedMlp);
    }

    FamilyTraits withLatentAttention() {
        return new FamilyTraits(
                names,
                layerNorm,
                normBias,
                queryKeyNorm,
                queryKeyNormField,
                biasField,
                biasOtherwise,
                outputBias,
                interleaved,
                sinks,
                true,
                sharedMlp);
    }

    FamilyTraits withSharedMlp() {
        return new FamilyTraits(
                names,
                layerNorm,
                normBias,
                queryKeyNorm,
                queryKeyNormField,
                biasField,
                biasOtherwise,
                outputBias,
                interleaved,
                sinks,
                latent,
                true);
    }
}
