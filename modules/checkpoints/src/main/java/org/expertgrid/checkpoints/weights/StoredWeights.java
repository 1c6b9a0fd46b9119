package org.expertgrid.checkpoints.weights;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.expertgrid.checkpoints.safetensors.Tensor;
import org.expertgrid.checkpoints.safetensors.TensorType;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.WeightMatrix.Order;

/**
 * Reads tensors as weights and matrices. Every method reads its tensors when it is called, and checks their types and shapes first.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class StoredWeights {
    private static final int FP8_BLOCK = 128;

    private final Tensors tensors;

    /** Reads from these tensors. */
    public StoredWeights(Tensors tensors) {
        this.tensors = tensors;
    }

    /**
     * Returns the weight in a tensor, in the format that it is stored in. F8_E4M3 takes its scales from the tensor of the same name and
     * {@code _scale_inv}, one for each block of 128 x 128 weights.
     *
     * @param order in which order the tensor stores it: {@code [outputs, inputs]} as PyTorch's linear layers, or {@code [inputs, outputs]}
     * @throws BadFileException if a tensor is missing, misshapen, of another type, or unreadable
     */
    public WeightMatrix weight(String name, Order order, int inputs, int outputs) {
        boolean outputsFirst = order == Order.OUTPUT_MAJOR;
        long slow = outputsFirst ? outputs : inputs;
        long fast = outputsFirst ? inputs : outputs;
        Tensor tensor = shaped(name, List.of(slow, fast));
        if (tensor.type() != TensorType.F8_E4M3) {
            return WeightMatrix.of(format(tensor), order, inputs, outputs, tensor.read());
        }
        Matrix scales = matrix(name + "_scale_inv", blocks(slow), blocks(fast));
        return WeightMatrix.fp8(order, inputs, outputs, tensor.read(), scales);
    }

    /**
     * Returns a matrix, widened to float32, or to float64 where it is stored as that.
     *
     * @throws BadFileException if the tensor is missing, misshapen, no floating-point numbers, or unreadable
     */
    public Matrix matrix(String name, int rows, int columns) {
        Tensor tensor = shaped(name, List.of((long) rows, (long) columns));
        return widened(tensor, rows, columns);
    }

    /**
     * Returns a vector as a matrix of one row, widened as {@link #matrix} does.
     *
     * @throws BadFileException if the tensor is missing, has another size, no floating-point numbers, or is unreadable
     */
    public Matrix vector(String name, int size) {
        return widened(shaped(name, List.of((long) size)), 1, size);
    }

    /**
     * Returns the format of the weight in a tensor, without reading it.
     *
     * @throws BadFileException if the tensor is missing or is no weight
     */
    public WeightFormat format(String name) {
        Tensor tensor = tensors.get(name);
        return tensor.type() == TensorType.F8_E4M3 ? WeightFormat.FP8_E4M3 : format(tensor);
    }

    /** Returns the part of a tensor that is one expert's weight, where all experts share the tensor. */
    WeightMatrix slab(String name, Order order, int inputs, int outputs, int expert) {
        Tensor tensor = tensors.get(name);
        WeightFormat format = format(tensor);
        long elements = (long) inputs * outputs;
        return WeightMatrix.of(
                format,
                order,
                inputs,
                outputs,
                part(tensor, elements * tensor.type().bytes(), expert));
    }

    /** Returns the part of a pair of tensors that is one expert's weight in MXFP4. */
    WeightMatrix mxfp4Slab(String name, int inputs, int outputs, int expert) {
        long elements = (long) inputs * outputs;
        ByteBuffer codes = part(tensors.get(name + "_blocks"), elements / 2, expert);
        ByteBuffer scales = part(tensors.get(name + "_scales"), elements / 32, expert);
        return WeightMatrix.mxfp4(inputs, outputs, codes, scales);
    }

    private static ByteBuffer part(Tensor tensor, long bytes, int number) {
        if (bytes > Integer.MAX_VALUE - 8) {
            throw BadFileException.expected(
                    tensor.file(),
                    "tensor " + tensor.name(),
                    bytes + " bytes an expert",
                    "at most " + (Integer.MAX_VALUE - 8) + ", a Java array's length");
        }
        return tensor.read(number * bytes, (int) bytes);
    }

    private Tensor shaped(String name, List<Long> shape) {
        Tensor tensor = tensors.get(name);
        if (!tensor.shape().equals(shape)) {
            throw BadFileException.expected(tensor.file(), "tensor " + name, tensor.shape(), shape.toString());
        }
        return tensor;
    }

    private static Matrix widened(Tensor tensor, int rows, int columns) {
        return WeightMatrix.of(format(tensor), Order.INPUT_MAJOR, rows, columns, tensor.read())
                .toMatrix();
    }

    private static int blocks(long size) {
        return (int) ((size + FP8_BLOCK - 1) / FP8_BLOCK);
    }

    /** Returns the format of floating-point numbers without scales that a tensor has. */
    private static WeightFormat format(Tensor tensor) {
        return plainFormat(tensor.type())
                .orElseThrow(() -> BadFileException.expected(
                        tensor.file(), "tensor " + tensor.name(), tensor.type(), "F64, F32, F16 or BF16"));
    }

    /** Returns the format that is stored as this type and needs no scales, or nothing. */
    static Optional<WeightFormat> plainFormat(TensorType type) {
        return Optional.ofNullable(
                switch (type) {
                    case F64 -> WeightFormat.FLOAT64;
                    case F32 -> WeightFormat.FLOAT32;
                    case F16 -> WeightFormat.F16;
                    case BF16 -> WeightFormat.BF16;
                    default -> null;
                });
    }
}
