package org.expertgrid.benchmarks.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Writes a random model as llama.cpp reads it: GGUF version 3, architecture {@code olmoe}, without a vocabulary of texts. Norms and
 * routers are float32, as llama.cpp's own converter writes them.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the format</a>
 */
final class GgufFile {
    private static final int MAGIC = 0x46554747;
    private static final int VERSION = 3;
    private static final int UINT32 = 4;
    private static final int FLOAT32 = 6;
    private static final int STRING = 8;
    private static final int ALIGNMENT = 32;
    private static final int HEADER_BYTES = 1 << 20;

    private GgufFile() {}

    /** One tensor of the file: the tensors of all experts stand in one, one after the other. */
    private record Entry(String name, GgufType type, List<RandomTensor> parts) {
        long bytes() {
            return parts.stream().mapToLong(part -> type.bytes(part.elements())).sum();
        }

        /** Returns the sizes, the one of neighbouring elements first. */
        List<Integer> sizes() {
            RandomTensor first = parts.get(0);
            List<Integer> sizes = new ArrayList<>(List.of(first.columns()));
            if (!first.isNorm()) {
                sizes.add(first.rows());
            }
            if (name.contains("_exps.")) {
                sizes.add(parts.size());
            }
            return sizes;
        }
    }

    /** Writes the model with matrices of one type. */
    static void write(ModelShape shape, GgufType type, Path file) {
        List<Entry> entries = entries(shape, type);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(header(shape, entries));
            for (Entry entry : entries) {
                for (RandomTensor part : entry.parts()) {
                    write(part, entry.type(), channel);
                }
                pad(channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static List<Entry> entries(ModelShape shape, GgufType type) {
        List<Entry> entries = new ArrayList<>();
        for (RandomTensor tensor : shape.tensors()) {
            if (!tensor.name().contains(".experts.")) {
                boolean wide = tensor.isNorm() || tensor.name().endsWith("mlp.gate.weight");
                entries.add(new Entry(name(tensor.name()), wide ? GgufType.F32 : type, List.of(tensor)));
            }
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            int number = layer;
            for (String matrix : List.of("gate", "up", "down")) {
                entries.add(new Entry(
                        "blk." + layer + ".ffn_" + matrix + "_exps.weight",
                        type,
                        IntStream.range(0, shape.experts())
                                .mapToObj(expert -> shape.expert(number, expert, matrix + "_proj"))
                                .toList()));
            }
        }
        return entries;
    }

    private static String name(String published) {
        return published
                .replace("model.embed_tokens", "token_embd")
                .replace("lm_head", "output")
                .replace("model.norm", "output_norm")
                .replace("model.layers.", "blk.")
                .replace("input_layernorm", "attn_norm")
                .replace("post_attention_layernorm", "ffn_norm")
                .replace("mlp.gate", "ffn_gate_inp")
                .replace("self_attn.o_proj", "attn_output")
                .replace("self_attn.", "attn_")
                .replace("_proj", "");
    }

    private static ByteBuffer header(ModelShape shape, List<Entry> entries) {
        Map<String, Object> metadata = metadata(shape);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC).putInt(VERSION).putLong(entries.size()).putLong(metadata.size());
        metadata.forEach((key, value) -> {
            put(header, key);
            if (value instanceof String text) {
                header.putInt(STRING);
                put(header, text);
            } else if (value instanceof Float number) {
                header.putInt(FLOAT32).putFloat(number);
            } else {
                header.putInt(UINT32).putInt((Integer) value);
            }
        });
        long offset = 0;
        for (Entry entry : entries) {
            put(header, entry.name());
            header.putInt(entry.sizes().size());
            entry.sizes().forEach(header::putLong);
            header.putInt(entry.type().code()).putLong(offset);
            offset = aligned(offset + entry.bytes());
        }
        return header.position((int) aligned(header.position())).flip();
    }

    private static Map<String, Object> metadata(ModelShape shape) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", "olmoe");
        metadata.put("olmoe.block_count", shape.layers());
        metadata.put("olmoe.context_length", shape.mostPositions());
        metadata.put("olmoe.embedding_length", shape.hidden());
        metadata.put("olmoe.feed_forward_length", shape.expertHidden());
        metadata.put("olmoe.attention.head_count", shape.heads());
        metadata.put("olmoe.attention.head_count_kv", shape.heads());
        metadata.put("olmoe.attention.layer_norm_rms_epsilon", (float) ModelShape.EPSILON);
        metadata.put("olmoe.rope.freq_base", (float) ModelShape.ROPE_BASE);
        metadata.put("olmoe.expert_count", shape.experts());
        metadata.put("olmoe.expert_used_count", shape.topK());
        metadata.put("olmoe.vocab_size", shape.vocabulary());
        metadata.put("tokenizer.ggml.model", "no_vocab");
        return metadata;
    }

    private static void put(ByteBuffer buffer, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.putLong(bytes.length).put(bytes);
    }

    private static long aligned(long position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static void pad(FileChannel channel) throws IOException {
        channel.write(ByteBuffer.allocate((int) (aligned(channel.position()) - channel.position())));
    }

    private static void write(RandomTensor tensor, GgufType type, FileChannel channel) throws IOException {
        RandomTensor.Rows rows = tensor.open();
        short[] codes = new short[tensor.columns()];
        int rowBytes = (int) type.bytes(tensor.columns());
        ByteBuffer buffer = RowBuffer.allocate(rowBytes);
        for (int row = 0; row < tensor.rows(); row++) {
            rows.next(codes);
            RowBuffer.makeRoom(buffer, rowBytes, channel);
            type.put(codes, buffer);
        }
        RowBuffer.drain(buffer, channel);
    }
}
