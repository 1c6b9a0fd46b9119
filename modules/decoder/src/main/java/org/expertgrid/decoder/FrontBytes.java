package org.expertgrid.decoder;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.config.Config;
import org.expertgrid.checkpoints.families.Encoding;
import org.expertgrid.checkpoints.families.MoeLayers;
import org.expertgrid.decoder.architecture.Architecture;
import org.expertgrid.decoder.architecture.LatentShape;
import org.expertgrid.decoder.architecture.LayerShape;
import org.expertgrid.decoder.architecture.TensorShape;
import org.expertgrid.decoder.attention.Attention;
import org.expertgrid.decoder.dense.DenseTensors;
import org.expertgrid.kernels.TileLayout;
import org.expertgrid.kernels.WeightFormat;

/**
 * The memory that a model would take in the JVM that runs its decoder, in bytes, without experts. No weight is read.
 *
 * @param weights of embeddings, attentions, networks without experts, and head; a table of embeddings that is read from its file is not counted
 * @param cachedToken of the keys and values of one token
 */
public record FrontBytes(long weights, long cachedToken) {
    /**
     * Returns the memory of a checkpoint.
     *
     * @throws org.expertgrid.experts.errors.BadFileException if the model is not supported, or a tensor is missing or wrong
     */
    public static FrontBytes of(Checkpoint checkpoint, DecoderOptions options) {
        Architecture architecture = CheckedModel.of(checkpoint, false);
        return of(
                architecture,
                tensor -> DenseTensors.format(
                        checkpoint.tensors().get(tensor.name()).type()),
                options);
    }

    /**
     * Returns the memory of a model of which there is a configuration alone.
     *
     * @param plain what is stored of numbers that are not encoded
     * @throws org.expertgrid.experts.errors.BadFileException if the model is not supported
     */
    public static FrontBytes of(Config config, MoeLayers experts, WeightFormat plain, DecoderOptions options) {
        Architecture architecture = CheckedModel.architecture(config, experts.moeLayers());
        List<String> neverEncoded =
                List.of(architecture.embeddingName(), architecture.head().weightName());
        boolean encoded = experts.tensors().encoding() == Encoding.FP8_BLOCKS;
        return of(
                architecture,
                tensor -> encoded && !neverEncoded.contains(tensor.name()) ? WeightFormat.FP8_E4M3 : plain,
                options);
    }

    private static FrontBytes of(
            Architecture architecture, Function<TensorShape, WeightFormat> stored, DecoderOptions options) {
        long weights = architecture
                .tensors()
                // A tied head is the embeddings once more, and is packed.
                .filter(tensor -> !tensor.name().equals(architecture.embeddingName()))
                .mapToLong(tensor -> bytes(tensor, stored, options.weightsAs()))
                .sum();
        TensorShape embeddings = architecture.tensors().findFirst().orElseThrow();
        boolean tied = architecture.head().weightName().equals(architecture.embeddingName());
        weights += DenseTensors.embeddingBytes(elements(embeddings), stored.apply(embeddings));
        weights += tied ? bytes(embeddings, stored, options.weightsAs()) : 0;
        weights += architecture.layers().stream()
                .mapToLong(layer -> widened(layer, stored, options.weightsAs()))
                .sum();
        long cachedToken = architecture.layers().stream()
                        .mapToLong(
                                layer -> Attention.cacheShape(layer.attention()).elements())
                        .sum()
                * options.cacheType().bytes();
        return new FrontBytes(weights, cachedToken);
    }

    private static long elements(TensorShape tensor) {
        return tensor.shape().stream().reduce(1L, Math::multiplyExact);
    }

    private static long bytes(
            TensorShape tensor, Function<TensorShape, WeightFormat> stored, Optional<WeightFormat> weightsAs) {
        if (tensor.shape().size() == 1) {
            return elements(tensor) * Float.BYTES;
        }
        return bytes(
                DenseTensors.kept(stored.apply(tensor), weightsAs),
                tensor.shape().get(1),
                tensor.shape().get(0));
    }

    private static long bytes(WeightFormat format, long inputs, long outputs) {
        return TileLayout.of(format, Math.toIntExact(inputs), Math.toIntExact(outputs), 0)
                .bytes(false);
    }

    /** The transposed keys of a latent attention lose the scales of blocks, and become float32. Returns the bytes that this adds. */
    private static long widened(
            LayerShape layer, Function<TensorShape, WeightFormat> stored, Optional<WeightFormat> weightsAs) {
        if (!(layer.attention() instanceof LatentShape latent) || weightsAs.isPresent()) {
            return 0;
        }
        String name = latent.keyValueUp().weightName();
        WeightFormat format = latent.tensors()
                .filter(tensor -> tensor.name().equals(name))
                .map(stored)
                .findFirst()
                .orElseThrow();
        long keys = (long) latent.heads() * latent.plainDim();
        return format.scaled()
                ? bytes(WeightFormat.FLOAT32, latent.latentDim(), keys) - bytes(format, latent.latentDim(), keys)
                : 0;
    }
}
