package org.expertgrid.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.safetensors.Tensor;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.kernels.Matrix;

/** A checkpoint in a folder, and what transformers computes with it. */
record Golden(Path folder, Tensors tensors) {
    private static final Path FAMILIES = Path.of("../checkpoints/src/test/resources/families");

    static Golden ofFamily(String name) {
        return in(FAMILIES.resolve(name));
    }

    static Golden in(Path folder) {
        return new Golden(folder, Tensors.ofFile(folder.resolve("golden.safetensors")));
    }

    Decoder open(DecoderOptions options) {
        return Decoder.open(Checkpoint.open(folder), options);
    }

    /** The tokens of each sequence. */
    int[][] ids(String name) {
        Tensor tensor = tensors.get(name);
        ByteBuffer stored = tensor.read();
        int columns = Math.toIntExact(tensor.shape().get(tensor.shape().size() - 1));
        int[][] ids = new int[stored.remaining() / Long.BYTES / columns][columns];
        for (int[] sequence : ids) {
            for (int i = 0; i < columns; i++) {
                sequence[i] = (int) stored.getLong();
            }
        }
        return ids;
    }

    /** The logits of a sequence, one row a position. */
    Matrix logits(int sequence, int rows, int columns) {
        ByteBuffer stored = tensors.get("logits").read();
        double[] logits = new double[rows * columns];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = stored.getDouble((sequence * logits.length + i) * Double.BYTES);
        }
        return Matrix.wrap(rows, columns, logits);
    }

    /** Compares to 1e-5 of the goldens' scale: transformers itself narrows some steps to float32. */
    void expectLogits(int sequence, Matrix logits) {
        double[] expected = logits(sequence, logits.rows(), logits.columns()).toDoubleArray();
        float[] found = logits.toFloatArray();
        double scale = Double.MIN_NORMAL;
        double worst = 0;
        for (int i = 0; i < found.length; i++) {
            scale = Math.max(scale, Math.abs(expected[i]));
            double difference = Math.abs(expected[i] - found[i]);
            worst = difference <= worst ? worst : difference;
        }
        assertThat(worst / scale)
                .as(folder.getFileName() + ", sequence " + sequence)
                .isLessThan(1e-5);
    }
}
