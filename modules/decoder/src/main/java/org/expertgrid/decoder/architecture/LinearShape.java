package org.expertgrid.decoder.architecture;

import java.util.stream.Stream;

/**
 * A linear layer of a checkpoint: {@code weight} is {@code [outputs, inputs]}, {@code bias} is {@code [outputs]}.
 *
 * @param name what the names of its tensors begin with
 * @param bias whether there is a bias
 */
public record LinearShape(String name, int inputs, int outputs, boolean bias) {
    /** Returns the name of the weight. */
    public String weightName() {
        return name + ".weight";
    }

    /** Returns the name of the bias. */
    public String biasName() {
        return name + ".bias";
    }

    Stream<TensorShape> tensors() {
        Stream<TensorShape> weight = Stream.of(TensorShape.matrix(weightName(), outputs, inputs));
        return bias ? Stream.concat(weight, Stream.of(TensorShape.vector(biasName(), outputs))) : weight;
    }
}
