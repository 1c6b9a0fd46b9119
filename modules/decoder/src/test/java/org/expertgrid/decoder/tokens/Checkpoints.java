package org.expertgrid.decoder.tokens;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Folders with tokenizers in them. */
final class Checkpoints {
    private static final int BYTES_FROM = 3;

    private Checkpoints() {}

    /** Fills the folder with the tokenizer of tiny-austen, which is byte-level, without a token for the beginning. */
    static Path tinyAusten(Path folder) throws IOException {
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "config.json")) {
            try (InputStream file = Checkpoints.class.getResourceAsStream("/tiny-austen/" + name)) {
                Files.copy(file, folder.resolve(name));
            }
        }
        return folder;
    }

    static String tinyAustenText() throws IOException {
        try (InputStream file = Checkpoints.class.getResourceAsStream("/tiny-austen/golden.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static int[] tinyAustenIds(String name) throws IOException {
        try (InputStream file = Checkpoints.class.getResourceAsStream("/tiny-austen/ids.json")) {
            List<?> ids = (List<?>) JSON.std.mapFrom(file).get(name);
            return ids.stream().mapToInt(id -> (Integer) id).toArray();
        }
    }

    /** Fills the folder with a tokenizer as SentencePiece's are converted: blanks as U+2581, bytes for other characters, a first {@code <s>}. */
    static Path sentencePiece(Path folder) throws IOException {
        Map<String, Integer> pieces = new LinkedHashMap<>();
        for (String piece : List.of("<unk>", "<s>", "</s>")) {
            pieces.put(piece, pieces.size());
        }
        for (int value = 0; value < 256; value++) {
            pieces.put(String.format("<0x%02X>", value), pieces.size());
        }
        for (String piece : List.of("▁", "a", "b", "c", "▁a", "▁ab", "ab", "▁▁", "é")) {
            pieces.put(piece, pieces.size());
        }
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("unk_token", "<unk>");
        model.put("fuse_unk", true);
        model.put("byte_fallback", true);
        model.put("vocab", pieces);
        model.put("merges", List.of("▁ a", "▁a b", "a b", "▁ ▁"));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("version", "1.0");
        all.put("added_tokens", List.of(added(0, "<unk>"), added(1, "<s>"), added(2, "</s>")));
        all.put("normalizer", sequence("normalizers", Map.of("type", "Prepend", "prepend", "▁"), replace(" ", "▁")));
        all.put(
                "post_processor",
                Map.of(
                        "type", "TemplateProcessing",
                        "single",
                                List.of(
                                        Map.of("SpecialToken", Map.of("id", "<s>", "type_id", 0)),
                                        Map.of("Sequence", Map.of("id", "A", "type_id", 0))),
                        "pair",
                                List.of(
                                        Map.of("Sequence", Map.of("id", "A", "type_id", 0)),
                                        Map.of("Sequence", Map.of("id", "B", "type_id", 0))),
                        "special_tokens",
                                Map.of("<s>", Map.of("id", "<s>", "ids", List.of(1), "tokens", List.of("<s>")))));
        all.put(
                "decoder",
                sequence(
                        "decoders",
                        replace("▁", " "),
                        Map.of("type", "ByteFallback"),
                        Map.of("type", "Fuse"),
                        Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0)));
        all.put("model", model);
        write(folder, "tokenizer.json", all);
        return folder;
    }

    /** Returns the id of the token for one byte. */
    static int sentencePieceByte(int value) {
        return BYTES_FROM + value;
    }

    private static Map<String, Object> added(int id, String content) {
        return Map.of(
                "id", id,
                "content", content,
                "special", true,
                "single_word", false,
                "lstrip", false,
                "rstrip", false,
                "normalized", false);
    }

    private static Map<String, Object> replace(String from, String to) {
        return Map.of("type", "Replace", "pattern", Map.of("String", from), "content", to);
    }

    private static Map<String, Object> sequence(String name, Object... parts) {
        return Map.of("type", "Sequence", name, List.of(parts));
    }

    static void write(Path folder, String name, Object content) throws IOException {
        Files.writeString(folder.resolve(name), content instanceof String text ? text : JSON.std.asString(content));
    }
}
