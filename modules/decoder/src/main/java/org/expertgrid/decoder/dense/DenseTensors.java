package org.expertgrid.decoder.dense;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.expertgrid.checkpoints.safetensors.Tensor;
import org.expertgrid.checkpoints.safetensors.TensorType;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.checkpoints.weights.StoredWeights;
import org.expertgrid.decoder.architecture.Architecture;
import org.expertgrid.decoder.architecture.LinearShape;
import org.expertgrid.decoder.architecture.MlpShape;
import org.expertgrid.decoder.architecture.NormShape;
import org.expertgrid.decoder.architecture.TensorShape;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.layers.ColumnParallel;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.Narrowing;
import org.expertgrid.kernels.PackedWeights;
import org.expertgrid.kernels.RowLoops;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.WeightMatrix.Order;

/** Reads the dense weights of a checkpoint and builds what computes with them. */
public final class DenseTensors {
    private static final int FP8_BLOCK = 128;

    private final Tensors tensors;
    private final StoredWeights stored;
    private final Optional<WeightFormat> weightsAs;
    private final ColumnParallel products;
    private final RowLoops rowLoops;

    /**
     * Reads from {@code tensors}, and computes with these kernels on the threads of this team.
     *
     * @param weightsAs what the weights of projections are kept as, one of {@link org.expertgrid.kernels.Narrowing#KEPT_AS}; nothing for what they are stored as
     */
    public DenseTensors(Tensors tensors, Optional<WeightFormat> weightsAs, Kernels kernels, ThreadTeam team) {
        this.tensors = tensors;
        this.stored = new StoredWeights(tensors);
        this.weightsAs = weightsAs;
        this.products = new ColumnParallel(kernels, team);
        this.rowLoops = kernels.rowLoops();
    }

    /** Returns the loops over rows of the kernels that compute. */
    public RowLoops rowLoops() {
        return rowLoops;
    }

    /** Adds each tensor that {@code architecture} needs and that is missing, of another shape or of a type that cannot be used. */
    public static void check(Architecture architecture, Tensors tensors, Problems problems) {
        architecture.tensors().forEach(expected -> check(expected, tensors, problems));
    }

    private static void check(TensorShape expected, Tensors tensors, Problems problems) {
        String name = "tensor " + expected.name();
        Optional<Tensor> found = tensors.find(expected.name());
        if (found.isEmpty()) {
            problems.expect(false, name, "missing", "shape " + expected.shape());
            return;
        }
        Tensor tensor = found.get();
        problems.expect(tensor.shape().equals(expected.shape()), name, tensor.shape(), "shape " + expected.shape());
        if (tensor.type() == TensorType.F8_E4M3 && expected.shape().size() == 2) {
            check(scales(expected), tensors, problems);
        } else {
            problems.expect(
                    StoredNumbers.format(tensor.type()).isPresent(), name, tensor.type(), "type F64, F32, BF16 or F16");
        }
    }

    /** One scale for each block of 128 x 128, as DeepSeek-V3 publishes fp8. */
    private static TensorShape scales(TensorShape weight) {
        List<Long> blocks = weight.shape().stream()
                .map(size -> (size + FP8_BLOCK - 1) / FP8_BLOCK)
                .toList();
        return new TensorShape(weight.name() + "_scale_inv", blocks);
    }

    /** Returns the table of embeddings, each of which is multiplied by {@code multiplier}. */
    public EmbeddingTable embeddings(String name, double multiplier) {
        return new EmbeddingTable(tensors.get(name), multiplier);
    }

    /** Returns the normalisation of that shape. */
    public Norm norm(NormShape shape) {
        float[] weight;
        if (shape.kind() == NormShape.Kind.UNWEIGHTED) {
            weight = new float[shape.width()];
            Arrays.fill(weight, 1);
        } else {
            weight = vector(shape.name() + ".weight");
        }
        return new Norm(shape, weight, shape.bias() ? vector(shape.name() + ".bias") : null);
    }

    /** Returns the numbers of a tensor of one dimension. */
    public float[] vector(String name) {
        Tensor tensor = tensors.get(name);
        return StoredNumbers.widened(tensor.type(), tensor.read());
    }

    /** Returns the projection that computes all of {@code shapes} from the same rows. */
    public Projection projection(List<LinearShape> shapes) {
        List<PackedWeights> parts = new ArrayList<>();
        for (LinearShape shape : shapes) {
            Matrix bias = shape.bias() ? Matrix.wrap(1, shape.outputs(), vector(shape.biasName())) : null;
            parts.add(PackedWeights.pack(kept(weight(shape)), bias));
        }
        return new Projection(products, parts);
    }

    /** Returns the projection of that shape. */
    public Projection projection(LinearShape shape) {
        return projection(List.of(shape));
    }

    /** Returns the network of that shape. */
    public GatedMlp mlp(MlpShape shape) {
        return new GatedMlp(
                projection(shape.gateAndUp()),
                projection(shape.down()),
                shape.down().inputs());
    }

    /** Returns the projection of a weight, or of a part of one, without a bias. */
    public Projection projection(WeightMatrix weight) {
        return new Projection(products, List.of(PackedWeights.pack(kept(weight))));
    }

    /** Returns the weight of a layer, as it is stored. */
    public WeightMatrix weight(LinearShape shape) {
        return stored.weight(shape.weightName(), Order.OUTPUT_MAJOR, shape.inputs(), shape.outputs());
    }

    /**
     * Returns the transposed weight of outputs {@code from} to {@code to} of a layer, as it is stored, or as float32 where it has scales.
     *
     * @param weight the layer's {@link #weight}
     */
    public WeightMatrix transposed(LinearShape shape, WeightMatrix weight, int from, int to) {
        Tensor tensor = tensors.get(shape.weightName());
        Optional<WeightFormat> format = StoredNumbers.format(tensor.type());
        if (format.isEmpty()) {
            return WeightMatrix.of(transposed(weight.columnRange(from, to).toMatrix()));
        }
        // A weight that is stored as [out, in] is transposed when it is read as [in, out].
        long rowBytes = (long) shape.inputs() * tensor.type().bytes();
        ByteBuffer rows = tensor.read(from * rowBytes, Math.toIntExact((to - from) * rowBytes));
        return WeightMatrix.of(format.get(), Order.INPUT_MAJOR, to - from, shape.inputs(), rows);
    }

    private static Matrix transposed(Matrix matrix) {
        float[] elements = matrix.toFloatArray();
        float[] transposed = new float[elements.length];
        for (int i = 0; i < elements.length; i++) {
            transposed[i % matrix.columns() * matrix.rows() + i / matrix.columns()] = elements[i];
        }
        return Matrix.wrap(matrix.columns(), matrix.rows(), transposed);
    }

    /** Returns what a weight is kept as that is stored in a format. */
    public static WeightFormat kept(WeightFormat stored, Optional<WeightFormat> weightsAs) {
        return weightsAs.orElse(stored == WeightFormat.FLOAT64 ? WeightFormat.FLOAT32 : stored);
    }

    /** Returns the format of a tensor that {@link #check} has found right. */
    public static WeightFormat format(TensorType type) {
        return StoredNumbers.format(type).orElse(WeightFormat.FP8_E4M3);
    }

    /** Returns the memory that a table of embeddings takes: none where it is so large that it stays in its file. */
    public static long embeddingBytes(long elements, WeightFormat stored) {
        long bytes = elements * stored.bits() / Byte.SIZE;
        return bytes <= EmbeddingTable.MOST_BYTES_IN_MEMORY ? bytes : 0;
    }

    private WeightMatrix kept(WeightMatrix stored) {
        WeightFormat format = kept(stored.format(), weightsAs);
        if (format == stored.format()) {
            return stored;
        }
        return format == WeightFormat.FLOAT32
                ? WeightMatrix.of(stored.toMatrix().to(ElementType.FLOAT32))
                : Narrowing.of(stored, format).weight();
    }
}
