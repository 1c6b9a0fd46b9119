package org.expertgrid.benchmarks.peers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.kernels.Matrix;

/**
 * The layer as an ONNX model, written by hand: a Gemm for the router, whose logits go to the operator com.microsoft.MoE.
 *
 * <p>The numbers of fields are those of onnx.proto.
 */
final class OnnxModel {
    static final String INPUT = "x";

    private static final int FLOAT = 1;
    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_STRING = 3;

    private OnnxModel() {}

    /** Returns the model's bytes. */
    static byte[] of(Example example) {
        return new Protobuf()
                .number(1, 8)
                .message(7, graph(example))
                .message(8, new Protobuf().text(1, "").number(2, 17))
                .message(8, new Protobuf().text(1, "com.microsoft").number(2, 1))
                .toByteArray();
    }

    private static Protobuf graph(Example example) {
        MoeShape shape = example.weights().shape();
        RouterWeights router = example.weights().router();
        List<ExpertWeights> experts = IntStream.range(0, shape.experts())
                .mapToObj(example.weights()::expert)
                .toList();
        int inputs = shape.inputDim();
        int hidden = shape.hiddenDim();
        int outputs = shape.outputDim();
        return new Protobuf()
                .message(1, node("Gemm", "", List.of(INPUT, "router", "router_bias"), "logits"))
                .message(1, moe(example.topK()))
                .text(2, "layer")
                .message(5, tensor("router", little(router.weight()), inputs, shape.experts()))
                .message(5, tensor("router_bias", little(router.bias()), shape.experts()))
                .message(5, tensor("fc1", transposed(experts, ExpertWeights::fc1), shape.experts(), hidden, inputs))
                .message(5, tensor("fc1_bias", biases(experts, ExpertWeights::fc1), shape.experts(), hidden))
                .message(5, tensor("fc2", transposed(experts, ExpertWeights::fc2), shape.experts(), outputs, hidden))
                .message(5, tensor("fc2_bias", biases(experts, ExpertWeights::fc2), shape.experts(), outputs))
                .message(11, value(INPUT, inputs))
                .message(12, value("y", outputs));
    }

    private static Protobuf moe(int topK) {
        return node("MoE", "com.microsoft", List.of(INPUT, "logits", "fc1", "fc1_bias", "fc2", "fc2_bias"), "y")
                .message(5, attribute("k", topK))
                .message(5, attribute("normalize_routing_weights", 1))
                .message(
                        5,
                        new Protobuf()
                                .text(1, "activation_type")
                                .text(4, "relu")
                                .number(20, ATTRIBUTE_STRING));
    }

    private static Protobuf attribute(String name, long value) {
        return new Protobuf().text(1, name).number(3, value).number(20, ATTRIBUTE_INT);
    }

    private static Protobuf node(String operator, String domain, List<String> inputs, String output) {
        Protobuf node = new Protobuf();
        inputs.forEach(input -> node.text(1, input));
        return node.text(2, output).text(4, operator).text(7, domain);
    }

    private static Protobuf value(String name, int width) {
        Protobuf shape =
                new Protobuf().message(1, new Protobuf().text(2, "rows")).message(1, new Protobuf().number(1, width));
        Protobuf type = new Protobuf().number(1, FLOAT).message(2, shape);
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, type));
    }

    private static Protobuf tensor(String name, byte[] values, long... dimensions) {
        Protobuf tensor = new Protobuf();
        for (long dimension : dimensions) {
            tensor.number(1, dimension);
        }
        return tensor.number(2, FLOAT).text(8, name).bytes(9, values);
    }

    private static byte[] biases(List<ExpertWeights> experts, Function<ExpertWeights, LinearWeights> layer) {
        return concatenated(
                experts.stream().map(expert -> layer.apply(expert).bias()).toList());
    }

    /** The operator wants {@code [out, in]}. */
    private static byte[] transposed(List<ExpertWeights> experts, Function<ExpertWeights, LinearWeights> layer) {
        return concatenated(experts.stream()
                .map(expert -> transpose(layer.apply(expert).weight().toMatrix()))
                .toList());
    }

    private static Matrix transpose(Matrix matrix) {
        float[] values = matrix.toFloatArray();
        float[] turned = new float[values.length];
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                turned[column * matrix.rows() + row] = values[row * matrix.columns() + column];
            }
        }
        return Matrix.wrap(matrix.columns(), matrix.rows(), turned);
    }

    private static byte[] little(Matrix matrix) {
        return concatenated(List.of(matrix));
    }

    private static byte[] concatenated(List<Matrix> matrices) {
        long size = matrices.stream().mapToLong(Matrix::bytes).sum();
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        matrices.forEach(matrix -> matrix.putInto(buffer));
        return buffer.array();
    }
}
