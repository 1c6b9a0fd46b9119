package org.expertgrid.decoder.architecture;

import java.util.Optional;
import java.util.stream.Stream;
import org.expertgrid.decoder.rotary.Rotary;

/** The attention of one layer: with grouped queries, or with compressed keys and values. */
public sealed interface AttentionShape permits GroupedQueryShape, LatentShape {
    /** Returns the number of query heads. */
    int heads();

    /** Returns the factor on the products of queries and keys. */
    double scale();

    /** Returns how queries and keys are rotated; nothing where positions do not matter. */
    Optional<Rotary> rotary();

    /** Returns the tensors of the attention. */
    Stream<TensorShape> tensors();
}
