package org.expertgrid.decoder.dense;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.expertgrid.checkpoints.safetensors.Tensor;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.decoder.architecture.Architecture;
import org.expertgrid.decoder.architecture.LinearShape;
import org.expertgrid.decoder.architecture.MlpShape;
import org.expertgrid.decoder.architecture.NormShape;
import org.expertgrid.decoder.architecture.TensorShape;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.layers.ColumnParallel;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.PackedWeights;

/** Reads the dense weights of a checkpoint and builds what computes with them. */
public final class DenseTensors {
    private final Tensors tensors;
    private final Kernels kernels;
    private final ColumnParallel products;

    /** Reads from {@code tensors}, and computes with these kernels on the threads of this team. */
    public DenseTensors(Tensors tensors, Kernels kernels, ThreadTeam team) {
        this.tensors = tensors;
        this.kernels = kernels;
        this.products = new ColumnParallel(kernels, team);
    }

    /** Adds each tensor that {@code architecture} needs and that is missing, of another shape or of a type that cannot be used. */
    public static void check(Architecture architecture, Tensors tensors, Problems problems) {
        architecture.tensors().forEach(expected -> check(expected, tensors.find(expected.name()), problems));
    }

    private static void check(TensorShape expected, Optional<Tensor> found, Problems problems) {
        String name = "tensor " + expected.name();
        if (found.isEmpty()) {
            problems.expect(false, name, "missing", "shape " + expected.shape());
            return;
        }
        Tensor tensor = found.get();
        problems.expect(tensor.shape().equals(expected.shape()), name, tensor.shape(), "shape " + expected.shape());
        problems.expect(Widening.knows(tensor.type()), name, tensor.type(), "type F64, F32, BF16 or F16");
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
        return Widening.floats(tensor.read(), tensor.type());
    }

    /** Returns the projection that computes all of {@code shapes} from the same rows. */
    public Projection projection(List<LinearShape> shapes) {
        List<PackedWeights> parts = new ArrayList<>();
        for (LinearShape shape : shapes) {
            Matrix bias = Matrix.wrap(
                    1, shape.outputs(), shape.bias() ? vector(shape.biasName()) : new float[shape.outputs()]);
            parts.add(kernels.pack(weight(shape), bias));
        }
        return new Projection(products, parts);
    }

    /** Returns the projection of that shape. */
    public Projection projection(LinearShape shape) {
        return projection(List.of(shape));
    }

    /** Returns the projections {@code [inputs, outputs]} of several weights without biases that were taken apart. */
    public List<Projection> projections(List<Matrix> weights) {
        return weights.stream()
                .map(weight -> new Projection(
                        products,
                        List.of(kernels.pack(weight, Matrix.wrap(1, weight.columns(), new float[weight.columns()])))))
                .toList();
    }

    /** Returns a weight as {@code [inputs, outputs]}. */
    public Matrix weight(LinearShape shape) {
        float[] stored = vector(shape.weightName());
        float[] weight = new float[stored.length];
        for (int out = 0; out < shape.outputs(); out++) {
            for (int in = 0; in < shape.inputs(); in++) {
                weight[in * shape.outputs() + out] = stored[out * shape.inputs() + in];
            }
        }
        return Matrix.wrap(shape.inputs(), shape.outputs(), weight);
    }

    /** Returns the network of that shape. */
    public GatedMlp mlp(MlpShape shape) {
        return new GatedMlp(
                projection(shape.gateAndUp()),
                projection(shape.down()),
                shape.down().inputs());
    }
}
