package org.expertgrid.benchmarks.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;

/** The layer as a Java user of PyTorch would write it: its linear layers, top-k and softmax, rows sorted by expert here. */
final class DjlRunner implements Runner {
    private final Example example;
    private final int threads;
    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final Weights router;
    private final List<Expert> experts;
    private List<NDArray> blocks = List.of();

    private record Weights(NDArray weight, NDArray bias) {
        NDArray forward(NDArray x) {
            return Linear.linear(x, weight, bias).singletonOrThrow();
        }
    }

    private record Expert(Weights fc1, Weights fc2) {}

    DjlRunner(Example example, int threads) {
        this.example = example;
        this.threads = threads;
        RouterWeights given = example.weights().router();
        this.router = weights(new LinearWeights(given.weight(), given.bias()));
        this.experts = IntStream.range(0, example.weights().shape().experts())
                .mapToObj(e -> expert(example.weights().expert(e)))
                .toList();
    }

    private Expert expert(ExpertWeights weights) {
        return new Expert(weights(weights.fc1()), weights(weights.fc2()));
    }

    /** PyTorch keeps a weight as {@code [out, in]}. */
    private Weights weights(LinearWeights weights) {
        try (NDArray transposed = array(weights.weight().toMatrix())) {
            NDArray weight = transposed.transpose().duplicate();
            return new Weights(weight, array(weights.bias()).reshape(weights.outputs()));
        }
    }

    private NDArray array(Matrix matrix) {
        Shape shape = new Shape(matrix.rows(), matrix.columns());
        return matrix.elementType() == ElementType.FLOAT64
                ? manager.create(matrix.toDoubleArray(), shape)
                : manager.create(matrix.toFloatArray(), shape);
    }

    @Override
    public String name() {
        return DjlPeer.NAME;
    }

    @Override
    public void use(int batch) {
        JniUtils.setNumThreads(threads);
        blocks.forEach(NDArray::close);
        blocks = example.blocks(batch).stream().map(this::array).toList();
    }

    @Override
    public long call(int number) {
        NDArray x = blocks.get(number % blocks.size());
        long start = System.nanoTime();
        try (NDManager scope = manager.newSubManager()) {
            forward(x, scope);
        }
        return System.nanoTime() - start;
    }

    @Override
    public Matrix result(int number) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray y = forward(blocks.get(number % blocks.size()), scope);
            int rows = (int) y.getShape().get(0);
            int columns = (int) y.getShape().get(1);
            return example.elementType() == ElementType.FLOAT64
                    ? Matrix.wrap(rows, columns, y.toDoubleArray())
                    : Matrix.wrap(rows, columns, y.toFloatArray());
        }
    }

    /** Returns the layer's result for {@code x}; it and all that is in between belongs to {@code scope}. */
    private NDArray forward(NDArray x, NDManager scope) {
        NDArray rows = x.duplicate();
        rows.attach(scope);
        NDList best = router.forward(rows).softmax(1).topK(example.topK(), 1);
        NDArray gates = best.get(0).div(best.get(0).sum(new int[] {1}, true)).reshape(-1, 1);
        long[] chosen = best.get(1).toLongArray();
        NDArray y = scope.zeros(
                new Shape(x.getShape().get(0), example.weights().shape().outputDim()), x.getDataType());
        for (int e = 0; e < experts.size(); e++) {
            long[] slots = slotsOf(e, chosen);
            if (slots.length > 0) {
                long[] which =
                        Arrays.stream(slots).map(slot -> slot / example.topK()).toArray();
                NDIndex index = new NDIndex("{}", scope.create(which));
                NDArray hidden = experts.get(e).fc1().forward(rows.get(index));
                NDArray out =
                        experts.get(e).fc2().forward(hidden.getNDArrayInternal().relu());
                out.muli(gates.get(new NDIndex("{}", scope.create(slots))));
                y.set(index, y.get(index).addi(out));
            }
        }
        return y;
    }

    private static long[] slotsOf(int expert, long[] chosen) {
        return IntStream.range(0, chosen.length)
                .filter(slot -> chosen[slot] == expert)
                .asLongStream()
                .toArray();
    }

    @Override
    public void close() {
        manager.close();
    }
}
