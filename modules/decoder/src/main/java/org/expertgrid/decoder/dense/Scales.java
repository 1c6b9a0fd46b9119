package org.expertgrid.decoder.dense;

import java.util.List;
import org.expertgrid.checkpoints.safetensors.Tensor;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.decoder.architecture.LinearShape;
import org.expertgrid.decoder.architecture.TensorShape;
import org.expertgrid.kernels.Matrix;

/** The scales of a weight that is stored as fp8: one for each block of 128 x 128, as DeepSeek-V3 publishes them. */
final class Scales {
    static final int BLOCK = 128;
    private static final String SUFFIX = "_scale_inv";

    private Scales() {}

    static int blocks(long elements) {
        return Math.toIntExact((elements + BLOCK - 1) / BLOCK);
    }

    static TensorShape shape(TensorShape weight) {
        return new TensorShape(
                weight.name() + SUFFIX,
                weight.shape().stream().map(size -> (long) blocks(size)).toList());
    }

    static Matrix read(Tensors tensors, LinearShape shape) {
        Tensor tensor = tensors.get(shape.weightName() + SUFFIX);
        List<Long> size = tensor.shape();
        return Matrix.wrap(
                Math.toIntExact(size.get(0)),
                Math.toIntExact(size.get(1)),
                StoredNumbers.widened(tensor.type(), tensor.read()));
    }
}
