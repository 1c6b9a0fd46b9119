package org.expertgrid.decoder.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.expertgrid.decoder.templates.TemplateException;
import org.expertgrid.experts.errors.BadFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final String MIXED = "naïve — 漢字 😀👩‍👩‍👧 \u0000 tab\t\r\n <|endoftext|> end";

    @TempDir
    private Path folder;

    @Test
    void textBecomesTheIdsOfTransformersAndBack() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(Checkpoints.tinyAusten(folder))) {
            String text = Checkpoints.tinyAustenText();
            int[] ids = Checkpoints.tinyAustenIds("text_ids");
            assertThat(tokenizer.encode(text)).containsExactly(ids);
            assertThat(tokenizer.decode(ids)).isEqualTo(text);
            assertThat(tokenizer.encode("It was a")).containsExactly(Checkpoints.tinyAustenIds("input_ids"));
            assertThat(tokenizer.vocabulary().size()).isEqualTo(2048);
            assertThat(tokenizer.endIds()).containsExactly(0);
        }
    }

    @Test
    void noLengthIsCutOff() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(Checkpoints.tinyAusten(folder))) {
            String text = "It is a truth. ".repeat(3_000);
            assertThat(tokenizer.encode(text)).hasSizeGreaterThan(10_000);
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
            assertThat(tokenizer.encode("")).isEmpty();
        }
    }

    @Test
    void everyCharacterSurvives() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(Checkpoints.tinyAusten(folder))) {
            int[] ids = tokenizer.encode(MIXED);
            assertThat(ids).contains(0);
            assertThat(tokenizer.decode(ids)).isEqualTo(MIXED.replace("<|endoftext|>", ""));
            assertThat(streamed(tokenizer.stream(true, true), ids)).isEqualTo(MIXED);
            assertThat(tokenizer.decode(tokenizer.encode("a\ud83d b \ude00"))).isEqualTo("a\ufffd b \ufffd");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyIdsAreDecodedAsTheLibraryDecodesThem(long seed) throws IOException {
        Checkpoints.tinyAusten(folder);
        SplittableRandom random = new SplittableRandom(seed);
        int[] ids = random.ints(500, 0, 2048).toArray();
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.decode(ids)).as("seed %d", seed).isEqualTo(libraryText(folder, ids));
        }
    }

    @Test
    void theTextOfSentencePieceBeginsWithoutTheBlankThatTheTokenizerPutThere() throws IOException {
        Checkpoints.sentencePiece(folder);
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            for (String text : List.of("ab c", " ab", "a é 漢 😀", "c", "", "  a")) {
                int[] ids = tokenizer.encode(text);
                assertThat(ids[0]).isEqualTo(1);
                assertThat(tokenizer.decode(ids)).isEqualTo(text).isEqualTo(libraryText(folder, ids));
            }
            int[] more = {tokenizer.vocabulary().id("▁ab").orElseThrow()};
            assertThat(streamed(tokenizer.stream(true, false), more)).isEqualTo(" ab");
            assertThat(streamed(tokenizer.stream(false, false), more)).isEqualTo("ab");
        }
    }

    @Test
    void aCharacterOfSeveralTokensComesWithTheLastOne() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(Checkpoints.sentencePiece(folder))) {
            TextStream stream = tokenizer.stream(true, false);
            assertThat(stream.add(Checkpoints.sentencePieceByte(0xF0))).isEmpty();
            assertThat(stream.add(Checkpoints.sentencePieceByte(0x9F))).isEmpty();
            assertThat(stream.add(Checkpoints.sentencePieceByte(0x98))).isEmpty();
            assertThat(stream.add(Checkpoints.sentencePieceByte(0x80))).isEqualTo("😀");
            assertThat(stream.add(Checkpoints.sentencePieceByte(0xF0))).isEmpty();
            assertThat(stream.add(Checkpoints.sentencePieceByte('x'))).isEqualTo("\ufffdx");
            assertThat(stream.add(Checkpoints.sentencePieceByte(0xC3))).isEmpty();
            assertThat(stream.end()).isEqualTo("\ufffd");
            assertThat(stream.end()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void aStreamGivesOutTheTextOfTheWholeForAnyBytes(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (Tokenizer tokenizer = Tokenizer.open(Checkpoints.tinyAusten(folder))) {
            int[] ids = random.ints(2_000, 2, 2048).toArray();
            byte[] bytes = new byte[20_000];
            int length = 0;
            for (int id : ids) {
                byte[] more = tokenizer.vocabulary().bytes(id);
                System.arraycopy(more, 0, bytes, length, more.length);
                length += more.length;
            }
            assertThat(streamed(tokenizer.stream(true, false), ids))
                    .as("seed %d", seed)
                    .isEqualTo(new String(bytes, 0, length, StandardCharsets.UTF_8));
        }
    }

    @Test
    void theFlagsOfTheSettingsDecideWhichSpecialTokensAreAdded() throws IOException {
        Checkpoints.sentencePiece(folder);
        Checkpoints.write(folder, "tokenizer_config.json", Map.of("bos_token", "<s>", "eos_token", "</s>"));
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("ab")).startsWith(1).doesNotContain(2);
            assertThat(tokenizer.encodeRendered("<s>ab")).containsOnlyOnce(1);
            assertThat(tokenizer.endIds()).containsExactly(2);
        }
        Checkpoints.write(
                folder,
                "tokenizer_config.json",
                "{\"bos_token\": {\"content\": \"<s>\"}, \"eos_token\": \"</s>\", \"add_bos_token\": false, \"add_eos_token\": true}");
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("ab")).doesNotContain(1).endsWith(2);
        }
        Checkpoints.write(folder, "tokenizer_config.json", Map.of("bos_token", "<s>", "add_bos_token", true));
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("ab")).startsWith(1).containsOnlyOnce(1);
        }
    }

    @Test
    void tokensThatOnlyTheSettingsNameAreTokens() throws IOException {
        Checkpoints.tinyAusten(folder);
        Checkpoints.write(
                folder,
                "tokenizer_config.json",
                Map.of("added_tokens_decoder", Map.of("2048", Map.of("content", "<|end of turn｜>", "special", true))));
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("a<|end of turn｜>")).hasSize(2).endsWith(2048);
            assertThat(tokenizer.vocabulary().size()).isEqualTo(2049);
            assertThat(tokenizer.decode(new int[] {2048})).isEmpty();
            assertThat(streamed(tokenizer.stream(true, true), new int[] {2048})).isEqualTo("<|end of turn｜>");
        }
    }

    @Test
    void severalFilesMayNameSeveralEnds() throws IOException {
        Checkpoints.tinyAusten(folder);
        Checkpoints.write(folder, "config.json", "{\"eos_token_id\": [7, 5], \"text_config\": {\"eos_token_id\": 6}}");
        Checkpoints.write(folder, "generation_config.json", "{\"eos_token_id\": 9}");
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.endIds()).containsExactly(0, 5, 6, 7, 9);
        }
    }

    @Test
    void templatesComeFromTheSettingsOrFromFilesOfTheirOwn() throws IOException {
        Checkpoints.tinyAusten(folder);
        Map<String, Object> chat = Map.of("messages", List.of(Map.of("content", "a"), Map.of("content", "b")));
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.template("default").render(tokenizer.templateVariables(chat)))
                    .isEqualTo("a\n\nb");
            assertThatThrownBy(() -> tokenizer.template("tool_use"))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("chat template 'tool_use': missing (expected: one of [default]");
        }
        Checkpoints.write(
                folder,
                "tokenizer_config.json",
                Map.of(
                        "eos_token",
                        "<|endoftext|>",
                        "chat_template",
                        List.of(
                                Map.of("name", "default", "template", "{{ eos_token }}{{ tools }}{{ bos_token }}"),
                                Map.of("name", "tool_use", "template", "{% broken"))));
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.templateNames()).containsExactly("default", "tool_use");
            assertThat(tokenizer.template("default").render(tokenizer.templateVariables(Map.of())))
                    .isEqualTo("<|endoftext|>None");
            assertThatThrownBy(() -> tokenizer.template("tool_use"))
                    .hasMessageContaining("chat template 'tool_use': chat template, line 1: ")
                    .hasCauseInstanceOf(TemplateException.class);
        }
        Checkpoints.write(folder, "chat_template.jinja", "from the file");
        Files.createDirectory(folder.resolve("additional_chat_templates"));
        Checkpoints.write(folder, "additional_chat_templates/rag.jinja", "more");
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.template("default").render(Map.of())).isEqualTo("from the file");
            assertThat(tokenizer.template("rag").render(Map.of())).isEqualTo("more");
        }
    }

    @Test
    void brokenFilesAreNamedWithWhatIsWrong() throws IOException {
        refused("tokenizer.json: missing (expected: ");
        Checkpoints.write(folder, "tokenizer.json", "{\"model\": ");
        refused("tokenizer.json: cannot be read (expected: a JSON object)");
        Checkpoints.write(folder, "tokenizer.json", "[]");
        refused("tokenizer.json: content: START_ARRAY (expected: a JSON object)");
        Checkpoints.write(folder, "tokenizer.json", "{}");
        refused("tokenizer.json: model.vocab: missing (expected: ");
        Checkpoints.write(folder, "tokenizer.json", "{\"model\": {\"vocab\": {\"a\": -1}}}");
        refused("tokenizer.json: model.vocab: a (expected: an id from 0 on");
        Checkpoints.write(folder, "tokenizer.json", "{\"added_tokens\": [{\"id\": 9999999999}]}");
        refused("tokenizer.json: added_tokens: {id=9999999999} (expected: ");
        Checkpoints.write(
                folder,
                "tokenizer.json",
                "{\"decoder\": {\"type\": \"WordPiece\"}, \"model\": {\"vocab\": {\"a\": 0}}}");
        refused("tokenizer.json: decoder: WordPiece (expected: ");
        Checkpoints.write(
                folder,
                "tokenizer.json",
                "{\"decoder\": {\"type\": \"ByteLevel\"}, \"model\": {\"type\": \"No\", \"vocab\": {\"a\": 0}}}");
        refused("tokenizer.json: not accepted by the native tokenizer: ");
        Files.delete(folder.resolve("tokenizer.json"));
        Checkpoints.tinyAusten(folder);
        Checkpoints.write(folder, "tokenizer_config.json", "{\"add_bos_token\": \"yes\"}");
        refused("tokenizer_config.json: add_bos_token: yes (expected: true or false)");
        Checkpoints.write(folder, "tokenizer_config.json", "{\"bos_token\": 3}");
        refused("tokenizer_config.json: bos_token: 3 (expected: ");
        Checkpoints.write(folder, "tokenizer_config.json", "{\"chat_template\": [{\"name\": \"x\"}]}");
        refused("tokenizer_config.json: chat_template: {name=x} (expected: ");
        Checkpoints.write(folder, "tokenizer_config.json", "{\"added_tokens_decoder\": {\"x\": {}}}");
        refused("tokenizer_config.json: added_tokens_decoder.x: {} (expected: ");
        Checkpoints.write(folder, "tokenizer_config.json", "nothing");
        refused("tokenizer_config.json: cannot be read (expected: a JSON object)");
        Files.delete(folder.resolve("tokenizer_config.json"));
        Checkpoints.write(folder, "config.json", "{\"eos_token_id\": \"2\"}");
        refused("config.json: eos_token_id: 2 (expected: one id or several, from 0 on)");
    }

    private void refused(String message) {
        assertThatThrownBy(() -> Tokenizer.open(folder).close())
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining(message);
    }

    @Test
    void manyThreadsEncodeAtOnceUntilItIsClosed() throws Exception {
        Tokenizer tokenizer = Tokenizer.open(Checkpoints.tinyAusten(folder));
        String text = Checkpoints.tinyAustenText();
        int[] ids = Checkpoints.tinyAustenIds("text_ids");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(() -> Arrays.mismatch(tokenizer.encode(text), ids));
            }
            for (Future<Integer> difference : threads.invokeAll(calls)) {
                assertThat(difference.get()).isEqualTo(-1);
            }
        } finally {
            threads.shutdownNow();
        }
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the tokenizer is closed");
        assertThat(tokenizer.decode(ids)).isEqualTo(text);
    }

    @Test
    void idsWithoutATokenGiveNoText() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(Checkpoints.tinyAusten(folder))) {
            assertThat(tokenizer.decode(new int[] {5_000})).isEmpty();
            assertThatThrownBy(() -> tokenizer.decode(new int[] {-1})).hasMessage("id: -1 (expected: at least 0)");
        }
    }

    private static String streamed(TextStream stream, int[] ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.add(id));
        }
        return text.append(stream.end()).toString();
    }

    private static String libraryText(Path folder, int[] ids) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        try (InputStream content = Files.newInputStream(file);
                HuggingFaceTokenizer library = NativeLibrary.open(file, content)) {
            return library.decode(Arrays.stream(ids).asLongStream().toArray(), true);
        }
    }
}
