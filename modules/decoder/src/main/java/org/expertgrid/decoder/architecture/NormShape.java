package org.expertgrid.decoder.architecture;

import java.util.stream.Stream;

/**
 * A normalisation of rows or heads, and the tensors that belong to it.
 *
 * @param name what the names of its tensors begin with; empty where there are none
 * @param width how many elements are normalised together
 * @param epsilon what is added to the mean square or to the variance
 * @param bias whether a bias is added
 */
public record NormShape(Kind kind, String name, int width, double epsilon, boolean bias) {
    /** The kinds of normalisation. */
    public enum Kind {
        /** {@code x / sqrt(mean(x^2) + epsilon) * weight} (Zhang and Sennrich, 2019). */
        ROOT_MEAN_SQUARE,
        /** {@code (x - mean(x)) / sqrt(variance(x) + epsilon) * weight + bias} (Ba and others, 2016). */
        LAYER,
        /** As {@link #ROOT_MEAN_SQUARE}, without a weight. */
        UNWEIGHTED
    }

    /** Returns the tensors of this normalisation. */
    Stream<TensorShape> tensors() {
        Stream<TensorShape> weight =
                kind == Kind.UNWEIGHTED ? Stream.of() : Stream.of(TensorShape.vector(name + ".weight", width));
        return bias ? Stream.concat(weight, Stream.of(TensorShape.vector(name + ".bias", width))) : weight;
    }
}
