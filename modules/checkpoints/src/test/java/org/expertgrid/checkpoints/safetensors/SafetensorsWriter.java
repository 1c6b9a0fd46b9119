package org.expertgrid.checkpoints.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes safetensors files for tests: new ones, and changed copies. For one thread. */
public final class SafetensorsWriter {
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(TensorType type, List<Long> shape, byte[] elements) {}

    /** Returns a writer that holds all tensors of a file or folder. */
    public static SafetensorsWriter copyOf(Tensors tensors) {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : tensors.names()) {
            Tensor tensor = tensors.get(name);
            writer.put(name, tensor.type(), tensor.shape(), tensor.read().array());
        }
        return writer;
    }

    /** Adds a tensor, or replaces the one of that name. */
    public SafetensorsWriter put(String name, TensorType type, List<Long> shape, byte[] elements) {
        entries.put(name, new Entry(type, shape, elements));
        return this;
    }

    /** Adds a tensor of zeros, or replaces the one of that name. */
    public SafetensorsWriter zeros(String name, TensorType type, Long... shape) {
        long bytes = List.of(shape).stream().reduce((long) type.bytes(), (product, size) -> product * size);
        return put(name, type, List.of(shape), new byte[Math.toIntExact(bytes)]);
    }

    /** Leaves a tensor out. */
    public SafetensorsWriter remove(String name) {
        entries.remove(name);
        return this;
    }

    /** Writes the file. */
    public void write(Path file) throws IOException {
        StringBuilder header = new StringBuilder("{");
        long offset = 0;
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            Entry tensor = entry.getValue();
            long end = offset + tensor.elements().length;
            header.append(header.length() == 1 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(entry.getKey(), tensor.type(), tensor.shape(), offset, end));
            offset = end;
        }
        byte[] text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(text.length)
                    .array());
            out.write(text);
            for (Entry tensor : entries.values()) {
                out.write(tensor.elements());
            }
        }
    }
}
