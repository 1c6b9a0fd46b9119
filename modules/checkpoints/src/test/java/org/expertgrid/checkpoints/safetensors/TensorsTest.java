package org.expertgrid.checkpoints.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.expertgrid.checkpoints.FamilyFolders;
import org.expertgrid.experts.errors.BadFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorsTest {
    private static final Path BAD = FamilyFolders.folder("safetensors-bad");

    /** Why each of the malformed files is refused. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("empty-file", "size: 0 bytes (expected: at least the 8 of the header's length)"),
            Map.entry("short-length", "size: 3 bytes"),
            Map.entry("header-beyond-file", "header length: 10000 (expected: at most the 78 bytes that follow it)"),
            Map.entry("header-length-huge", "header length: 1152921504606846976 (expected: at most 100000000)"),
            Map.entry("header-length-negative", "header length: 18446744073709551615 (expected: at most 100000000)"),
            Map.entry("header-not-json", "header: not valid JSON: "),
            Map.entry("header-not-utf8", "header: not valid UTF-8"),
            Map.entry("header-not-object", "expected: a JSON object, beginning with '{'"),
            Map.entry("header-starts-with-space", "expected: a JSON object, beginning with '{'"),
            Map.entry("duplicate-name", "header: not valid JSON: Duplicate field 'a'"),
            Map.entry("unknown-dtype", "tensor a: dtype: Q7 (expected: one of [F64, F32, F16, BF16, "),
            Map.entry("shape-against-bytes", "data_offsets: [0, 16] (expected: 20 bytes, as F32 [5] has)"),
            Map.entry("shape-negative", "tensor a: shape: -4 (expected: integers from 0 to "),
            Map.entry("shape-overflow", "tensor a: shape: [1099511627776, 1099511627776] (expected: at most "),
            Map.entry("shape-fraction", "tensor a: shape: 4.5 (expected: integers from 0 to "),
            Map.entry(
                    "offsets-beyond-file",
                    "size: 16 bytes after the header (expected: 32, where the last tensor ends)"),
            Map.entry("offsets-reversed", "data_offsets: [16, 0] (expected: [begin, end] with begin <= end)"),
            Map.entry("offsets-overlap", "tensor b: data_offsets: [8, 24] (expected: to begin at 16, "),
            Map.entry("offsets-hole", "tensor b: data_offsets: [20, 36] (expected: to begin at 16, "),
            Map.entry("trailing-bytes", "size: 18 bytes after the header (expected: 16, where the last tensor ends)"),
            Map.entry("metadata-not-strings", "__metadata__.n: 3 (expected: a string)"),
            Map.entry("missing-offsets", "tensor a: a field is missing (expected: dtype, shape and data_offsets)"),
            Map.entry("deep-nesting", "tensor a: a list (expected: an object that has dtype, shape and data_offsets)"));

    /** Why each of the folders with a wrong index is refused. */
    private static final Map<String, String> INDEX_REASONS = Map.of(
            "index-missing-file", "weight_map: a: nowhere.safetensors (expected: an existing file)",
            "index-path-up", "weight_map: a: ../good.safetensors (expected: the name of a file in the same folder",
            "index-path-absolute", "weight_map: a: /etc/passwd (expected: the name of a file in the same folder",
            "index-wrong-file", "weight_map: c: not in good.safetensors (expected: a tensor of that file)",
            "index-without-map", "weight_map: missing (expected: a map of tensor names to file names)",
            "index-not-strings", "weight_map: a: 5 (expected: the name of a file, a string)");

    @TempDir
    Path directory;

    private static Stream<Path> files(String prefix, boolean with) throws IOException {
        try (Stream<Path> files = Files.list(BAD)) {
            return files
                    .filter(file -> Files.isRegularFile(file)
                            && file.getFileName().toString().startsWith(prefix) == with)
                    .toList()
                    .stream();
        }
    }

    static Stream<Path> goodFiles() throws IOException {
        return files("good", true);
    }

    static Stream<Path> badFiles() throws IOException {
        return files("good", false);
    }

    static Stream<Path> badFolders() throws IOException {
        try (Stream<Path> folders = Files.list(BAD)) {
            return folders.filter(Files::isDirectory).toList().stream();
        }
    }

    private Path write(String header, int dataBytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + text.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text);
        for (int i = 0; i < dataBytes; i++) {
            bytes.put((byte) i);
        }
        return Files.write(directory.resolve("model.safetensors"), bytes.array());
    }

    @ParameterizedTest
    @MethodSource("goodFiles")
    void aFileThatKeepsTheRulesIsRead(Path file) {
        Tensors tensors = Tensors.ofFile(file);
        assertThat(tensors.names()).contains("a");
        for (String name : tensors.names()) {
            Tensor tensor = tensors.get(name);
            assertThat(tensor.type()).isEqualTo(TensorType.F32);
            assertThat((long) tensor.read().remaining()).isEqualTo(tensor.bytes());
        }
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void aFileThatBreaksARuleIsRefusedWithItsNameAndTheReason(Path file) {
        String name = file.getFileName().toString().replace(".safetensors", "");
        assertThat(REASONS).containsKey(name);
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> Tensors.ofFile(file))
                .withMessageStartingWith(file + ": ")
                .withMessageContaining(REASONS.get(name));
    }

    @ParameterizedTest
    @MethodSource("badFolders")
    void anIndexThatLiesIsRefusedWithItsNameAndTheEntry(Path folder) {
        String name = folder.getFileName().toString();
        assertThat(INDEX_REASONS).containsKey(name);
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> Tensors.ofFolder(folder))
                .withMessageStartingWith(folder.resolve("model.safetensors.index.json") + ": ")
                .withMessageContaining(INDEX_REASONS.get(name));
    }

    @Test
    void anIndexJoinsTheTensorsOfItsFiles() {
        Tensors tensors = Tensors.ofFolder(FamilyFolders.folder("olmoe"));
        assertThat(tensors.names().stream()
                        .map(name -> tensors.get(name).file())
                        .distinct())
                .hasSize(3);
        Tensor gate = tensors.get("model.layers.1.mlp.gate.weight");
        assertThat(gate).hasToString("model.layers.1.mlp.gate.weight BF16 [8, 64]");
        assertThat(gate.read().remaining()).isEqualTo(8 * 64 * 2);
    }

    @Test
    void allProblemsOfAnIndexAreNamedAtOnce() throws IOException {
        Path index = directory.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\": {\"a\": \"..\", \"b\": 1.5, \"c\": \"x/y\", \"d\": {}}}");
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> Tensors.ofFolder(directory))
                .withMessageContainingAll("a: ..", "b: 1.5", "c: x/y", "d: {");
    }

    @Test
    void anIndexThatNamesATensorTwiceIsRefused() throws IOException {
        Path index = directory.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\": {\"a\": \"x\", \"a\": \"y\"}}");
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> Tensors.ofFolder(directory))
                .withMessageContaining("Duplicate field 'a'");
    }

    @Test
    void aFolderWithoutWeightsIsNamed() {
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> Tensors.ofFolder(directory))
                .withMessage(directory + ": weights: none "
                        + "(expected: model.safetensors or model.safetensors.index.json)");
    }

    @Test
    void aMissingTensorIsNamed() {
        Tensors tensors = Tensors.ofFile(BAD.resolve("good.safetensors"));
        assertThat(tensors.find("b")).isEmpty();
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> tensors.get("b"))
                .withMessageEndingWith("good.safetensors: tensor b: missing");
    }

    @Test
    void aPartOfATensorIsReadWithoutTheRest() throws IOException {
        Path file = write(
                "{\"b\":{\"dtype\":\"U8\",\"shape\":[6],\"data_offsets\":[2,8]},"
                        + "\"a\":{\"dtype\":\"I16\",\"shape\":[],\"data_offsets\":[0,2]}}",
                8);
        Tensors tensors = Tensors.ofFile(file);
        assertThat(tensors.get("a").read().getShort()).isEqualTo((short) 0x0100);
        assertThat(tensors.get("b").shape()).isEqualTo(List.of(6L));
        assertThat(tensors.get("b").read(3, 2).array()).containsExactly(5, 6);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> tensors.get("b").read(5, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "I64", "U64", "I32", "U32", "I16", "U16"})
    void everyTypeHasItsSize(String type) throws IOException {
        TensorType expected = TensorType.valueOf(type);
        int bytes = expected.bytes() * 3;
        String entry = "{\"t\":{\"dtype\":\"%s\",\"shape\":[3],\"data_offsets\":[0,%d]}}";
        Tensors tensors = Tensors.ofFile(write(entry.formatted(type, bytes), bytes));
        assertThat(tensors.get("t").type()).isEqualTo(expected);
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> Tensors.ofFile(write(entry.formatted(type, bytes + 1), bytes + 1)))
                .withMessageContaining("expected: " + bytes + " bytes, as " + type + " [3] has");
    }

    /** The file is a hole of 5 GB, which takes no room on the disk. */
    @Test
    void aFileOfMoreThanFourGigabytesIsReadAtItsEnd() throws IOException {
        long large = 5_000_000_000L;
        Path file = write(
                ("{\"large\":{\"dtype\":\"I8\",\"shape\":[%d],\"data_offsets\":[0,%d]},"
                                + "\"last\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[%d,%d]}}")
                        .formatted(large, large, large, large + 2),
                0);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(sparse.length() + large + 2);
            sparse.seek(sparse.length() - 3);
            sparse.write(new byte[] {7, 8, 9});
        }
        Tensors tensors = Tensors.ofFile(file);
        assertThat(tensors.get("last").read().array()).containsExactly(8, 9);
        assertThat(tensors.get("large").read(large - 2, 2).array()).containsExactly(0, 7);
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> tensors.get("large").read())
                .withMessageContaining("tensor large: 5000000000 bytes (expected: ");
    }

    @Test
    void aFileThatIsCutShortAfterwardsIsNoticed() throws IOException {
        Path file = write("{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}", 8);
        Tensor tensor = Tensors.ofFile(file).get("a");
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(cut.length() - 1);
        }
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(tensor::read)
                .withMessageStartingWith(file + ": changed since its header was read");
    }

    @Test
    void aFileThatIsReplacedAfterwardsIsNoticed() throws IOException {
        String header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}";
        Path file = write(header, 8);
        Tensor tensor = Tensors.ofFile(file).get("a");
        FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 1000);
        Files.setLastModifiedTime(write(header, 8), later);
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(tensor::read)
                .withMessageStartingWith(file + ": changed since its header was read");
    }

    @Test
    void textFromAFileIsPrintedWithoutControlCharacters() throws IOException {
        Path file = write("{\"a\\u001b[2J\":5}", 0);
        assertThatExceptionOfType(BadFileException.class)
                .isThrownBy(() -> Tensors.ofFile(file))
                .withMessage(file + ": tensor a?[2J: 5 (expected: an object that has dtype, shape and data_offsets)");
    }
}
