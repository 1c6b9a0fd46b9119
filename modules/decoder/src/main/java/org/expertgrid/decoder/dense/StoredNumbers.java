package org.expertgrid.decoder.dense;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.expertgrid.checkpoints.safetensors.TensorType;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.WeightMatrix.Order;

/** Floating-point numbers as checkpoints store them. */
final class StoredNumbers {
    private StoredNumbers() {}

    /** Returns the format of weights that are stored as that type, without scales; nothing where they are no floating-point numbers. */
    static Optional<WeightFormat> format(TensorType type) {
        return switch (type) {
            case F64 -> Optional.of(WeightFormat.FLOAT64);
            case F32 -> Optional.of(WeightFormat.FLOAT32);
            case BF16 -> Optional.of(WeightFormat.BF16);
            case F16 -> Optional.of(WeightFormat.F16);
            default -> Optional.empty();
        };
    }

    /** Returns what {@code stored} holds as float32: exactly, but for float64, which is rounded. */
    static float[] widened(TensorType type, ByteBuffer stored) {
        int count = stored.remaining() / type.bytes();
        return WeightMatrix.of(format(type).orElseThrow(), Order.INPUT_MAJOR, count, 1, stored)
                .toMatrix()
                .toFloatArray();
    }
}
