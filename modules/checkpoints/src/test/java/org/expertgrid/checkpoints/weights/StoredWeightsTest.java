package org.expertgrid.checkpoints.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.expertgrid.checkpoints.safetensors.SafetensorsWriter;
import org.expertgrid.checkpoints.safetensors.TensorType;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.WeightMatrix;
import org.expertgrid.kernels.WeightMatrix.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors as weights: every code of the narrow types against its definition, and both orders. */
class StoredWeightsTest {
    @TempDir
    private Path folder;

    private StoredWeights write(SafetensorsWriter tensors) throws IOException {
        Path file = folder.resolve("model.safetensors");
        tensors.write(file);
        return new StoredWeights(Tensors.ofFile(file));
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** The definition: sign, 4 bits of exponent with bias 7, 3 bits of mantissa, NaN where all of these 7 bits are set. */
    private static double fp8(int code) {
        int exponent = code >> 3 & 15;
        int mantissa = code & 7;
        if (exponent == 15 && mantissa == 7) {
            return Double.NaN;
        }
        double magnitude =
                exponent == 0 ? mantissa / 8.0 * Math.pow(2, -6) : (1 + mantissa / 8.0) * Math.pow(2, exponent - 7);
        return (code & 128) == 0 ? magnitude : -magnitude;
    }

    @Test
    void all256CodesOfFp8AreTheirArithmeticTimesTheirScale() throws IOException {
        byte[] codes = new byte[256 * 129];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) i;
        }
        StoredWeights weights = write(new SafetensorsWriter()
                .put("w", TensorType.F8_E4M3, List.of(129L, 256L), codes)
                .put("w_scale_inv", TensorType.F32, List.of(2L, 2L), floats(1, 0.5f, 3, -0.25f)));
        WeightMatrix read = weights.weight("w", Order.OUTPUT_MAJOR, 256, 129);
        assertThat(read.format()).isEqualTo(WeightFormat.FP8_E4M3);
        Matrix widened = read.toMatrix();
        double[][] scales = {{1, 0.5}, {3, -0.25}};
        for (int out = 0; out < 129; out++) {
            for (int in = 0; in < 256; in++) {
                Double expected = fp8(in) * scales[out / 128][in / 128];
                assertThat(widened.get(in, out))
                        .as("code %d, output %d", in, out)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void all16CodesOfMxfp4AreTheirArithmeticTimesAPowerOfTwo() throws IOException {
        double[] magnitudes = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
        byte[] codes = new byte[2 * 2 * 16];
        for (int i = 0; i < codes.length; i++) {
            int even = 2 * i % 16;
            codes[i] = (byte) (even | (even + 1) << 4);
        }
        byte[] scales = {127, 120, (byte) 200, 1};
        StoredWeights weights = write(new SafetensorsWriter()
                .put("w_blocks", TensorType.U8, List.of(2L, 2L, 1L, 16L), codes)
                .put("w_scales", TensorType.U8, List.of(2L, 2L, 1L), scales));
        for (int expert = 0; expert < 2; expert++) {
            WeightMatrix read = weights.mxfp4Slab("w", 32, 2, expert);
            assertThat(read.format()).isEqualTo(WeightFormat.MXFP4);
            for (int out = 0; out < 2; out++) {
                double scale = Math.pow(2, (scales[2 * expert + out] & 0xff) - 127);
                for (int in = 0; in < 32; in++) {
                    int code = in % 16;
                    double expected = (code < 8 ? 1 : -1) * magnitudes[code % 8] * scale;
                    assertThat(read.toMatrix().get(in, out))
                            .as("expert %d, code %d", expert, code)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void bothOrdersAreReadAsInputsByOutputs() throws IOException {
        StoredWeights weights =
                write(new SafetensorsWriter().put("w", TensorType.F32, List.of(2L, 3L), floats(1, 2, 3, 4, 5, 6)));
        assertThat(weights.weight("w", Order.INPUT_MAJOR, 2, 3).toMatrix())
                .isEqualTo(Matrix.of(2, 3, 1f, 2, 3, 4, 5, 6));
        assertThat(weights.weight("w", Order.OUTPUT_MAJOR, 3, 2).toMatrix())
                .isEqualTo(Matrix.of(3, 2, 1f, 4, 2, 5, 3, 6));
        assertThat(weights.matrix("w", 2, 3)).isEqualTo(Matrix.of(2, 3, 1f, 2, 3, 4, 5, 6));
    }

    @Test
    void everyFloatingPointTypeIsWidenedExactly() throws IOException {
        ByteBuffer f64 = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(0.1)
                .putDouble(-2);
        byte[] halves = {0, 0x3e, (byte) 0xff, 0x7b};
        byte[] bfloats = {(byte) 0xc0, 0x3f, 1, 0};
        StoredWeights weights = write(new SafetensorsWriter()
                .put("f64", TensorType.F64, List.of(2L), f64.array())
                .put("f16", TensorType.F16, List.of(2L), halves)
                .put("bf16", TensorType.BF16, List.of(2L), bfloats));
        assertThat(weights.vector("f64", 2)).isEqualTo(Matrix.of(1, 2, 0.1, -2));
        assertThat(weights.vector("f16", 2)).isEqualTo(Matrix.of(1, 2, 1.5f, 65504));
        assertThat(weights.vector("bf16", 2)).isEqualTo(Matrix.of(1, 2, 1.5f, Float.intBitsToFloat(0x10000)));
    }

    @Test
    void aTensorOfAnotherShapeOrTypeIsNamed() throws IOException {
        StoredWeights weights = write(new SafetensorsWriter()
                .zeros("w", TensorType.F32, 2L, 3L)
                .zeros("i", TensorType.I64, 2L)
                .zeros("p", TensorType.F8_E4M3, 2L, 3L));
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> weights.matrix("w", 3, 2))
                .withMessageEndingWith("model.safetensors: tensor w: [2, 3] (expected: [3, 2])");
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> weights.vector("i", 2))
                .withMessageEndingWith("tensor i: I64 (expected: F64, F32, F16 or BF16)");
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> weights.weight("p", Order.INPUT_MAJOR, 2, 3))
                .withMessageEndingWith("tensor p_scale_inv: missing");
    }
}
