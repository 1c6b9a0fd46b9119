package org.expertgrid.benchmarks.model;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a random model as Hugging Face publishes models: {@code config.json} and {@code model.safetensors}, in bfloat16. */
final class SafetensorsFile {
    private static final int ALIGNMENT = 8;

    private SafetensorsFile() {}

    /** Writes both files into a folder. */
    static void write(ModelShape shape, Path folder) {
        try {
            Files.writeString(folder.resolve("config.json"), JSON.std.asString(shape.config()));
            try (FileChannel channel = FileChannel.open(
                    folder.resolve("model.safetensors"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                channel.write(header(shape.tensors()));
                for (RandomTensor tensor : shape.tensors()) {
                    write(tensor, channel);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + folder + ": " + e.getMessage(), e);
        }
    }

    private static ByteBuffer header(List<RandomTensor> tensors) throws IOException {
        Map<String, Object> entries = new LinkedHashMap<>();
        long offset = 0;
        for (RandomTensor tensor : tensors) {
            long end = offset + tensor.elements() * Short.BYTES;
            List<Integer> shape =
                    tensor.isNorm() ? List.of(tensor.columns()) : List.of(tensor.rows(), tensor.columns());
            entries.put(tensor.name(), Map.of("dtype", "BF16", "shape", shape, "data_offsets", List.of(offset, end)));
            offset = end;
        }
        String text = JSON.std.asString(entries);
        text += " ".repeat((ALIGNMENT - text.length() % ALIGNMENT) % ALIGNMENT);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length)
                .put(bytes)
                .flip();
    }

    private static void write(RandomTensor tensor, FileChannel channel) throws IOException {
        RandomTensor.Rows rows = tensor.open();
        short[] codes = new short[tensor.columns()];
        ByteBuffer buffer = RowBuffer.allocate((long) tensor.columns() * Short.BYTES);
        for (int row = 0; row < tensor.rows(); row++) {
            rows.next(codes);
            RowBuffer.makeRoom(buffer, tensor.columns() * Short.BYTES, channel);
            buffer.asShortBuffer().put(codes);
            buffer.position(buffer.position() + tensor.columns() * Short.BYTES);
        }
        RowBuffer.drain(buffer, channel);
    }
}
