package org.expertgrid.benchmarks.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.experts.errors.ExpertgridException;
import org.expertgrid.kernels.Matrix;

/** A session of ONNX Runtime with the layer as its model; rows are in its own memory before the clock starts. */
final class OnnxRunner implements Runner {
    private final Example example;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private List<OnnxTensor> blocks = List.of();

    OnnxRunner(Example example, int threads) {
        this.example = example;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            session = environment.createSession(OnnxModel.of(example), options);
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    @Override
    public String name() {
        return OnnxPeer.NAME;
    }

    @Override
    public void use(int batch) {
        blocks.forEach(OnnxTensor::close);
        blocks = example.blocks(batch).stream().map(this::tensor).toList();
    }

    private OnnxTensor tensor(Matrix matrix) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(Math.toIntExact(matrix.bytes())).order(ByteOrder.nativeOrder());
        matrix.putInto(bytes);
        try {
            return OnnxTensor.createTensor(
                    environment, bytes.flip().asFloatBuffer(), new long[] {matrix.rows(), matrix.columns()});
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    @Override
    public long call(int number) {
        Map<String, OnnxTensor> x = Map.of(OnnxModel.INPUT, blocks.get(number % blocks.size()));
        long start = System.nanoTime();
        try {
            session.run(x).close();
            return System.nanoTime() - start;
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    @Override
    public Matrix result(int number) {
        try (OrtSession.Result y = session.run(Map.of(OnnxModel.INPUT, blocks.get(number % blocks.size())))) {
            OnnxTensor tensor = (OnnxTensor) y.get(0);
            FloatBuffer values = tensor.getFloatBuffer();
            float[] copy = new float[values.remaining()];
            values.get(copy);
            int rows = (int) tensor.getInfo().getShape()[0];
            return Matrix.wrap(rows, copy.length / rows, copy);
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        blocks.forEach(OnnxTensor::close);
        try {
            session.close();
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    private static ExpertgridException failure(OrtException cause) {
        return new ExpertgridException(OnnxPeer.NAME + ": " + cause.getMessage(), cause);
    }
}
