package org.expertgrid.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.expertgrid.checkpoints.npy.NpyFile;
import org.expertgrid.cli.CommandRun;
import org.expertgrid.cli.Main;
import org.expertgrid.cli.options.CheckpointOptions;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of the model that ships, whose greedy answer to "It was a" transformers knows. */
@Tag("slow")
class GenerateCommandTest {
    private static final String BEGINNING = " matter of feeling, and she was not so much affected";
    private static final Path OLMOE = Path.of("..", "checkpoints", "src", "test", "resources", "families", "olmoe");

    @TempDir
    private Path folder;

    private static CommandRun generate(String prompt, String options) {
        return CommandRun.of("generate " + options, prompt);
    }

    @ParameterizedTest
    @CsvSource({"--local", "--embedded"})
    void theTextIsTheSameWhereverTheExpertsAre(String place) {
        CommandRun run = generate("It was a", place + " --max-tokens 16 --json");

        assertThat(run.json())
                .containsEntry("finish_reason", "length")
                .containsEntry("prompt_tokens", 3)
                .containsEntry("tokens", 16)
                .containsKeys("ids", "prompt_ids", "prompt_tokens_per_second", "tokens_per_second");
        assertThat((String) run.json().get("text")).startsWith(BEGINNING);
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void peopleReadTheTextOnStandardOutput() {
        CommandRun run = generate("It was a", "--local --max-tokens 16");

        assertThat(run.out()).startsWith(BEGINNING).contains("prompt 3 tokens", "answer 16 tokens");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void idsAndTheirTextGiveTheSameLogitsAndTokens() {
        Path ofText = folder.resolve("text.npy");
        Path ofIds = folder.resolve("ids.npy");
        CommandRun text = generate("It was a", "--local --max-tokens 4 --json --save-logits " + ofText);
        List<?> prompt = (List<?>) text.json().get("prompt_ids");
        CommandRun ids = CommandRun.of(
                "generate --local --max-tokens 4 --json --save-logits " + ofIds + " --ids",
                String.join(",", prompt.stream().map(Object::toString).toList()));

        Matrix logits = NpyFile.read(ofText);
        assertThat(logits.rows()).isEqualTo(prompt.size());
        assertThat(logits.columns()).isEqualTo(2048);
        assertThat(NpyFile.read(ofIds)).isEqualTo(logits);
        assertThat(ids.json().get("ids")).isEqualTo(text.json().get("ids"));
    }

    @Test
    void aMessageGoesThroughTheChatTemplate() {
        Map<String, Object> chat =
                generate("Who is Emma?", "--local --max-tokens 4 --json --chat").json();
        Map<String, Object> plain =
                generate("Who is Emma?", "--local --max-tokens 4 --json").json();

        assertThat((List<?>) chat.get("prompt_ids")).hasSizeGreaterThan(((List<?>) plain.get("prompt_ids")).size());
    }

    @Test
    void theSameSeedGivesTheSameText() {
        String options = "--local --max-tokens 12 --json --temperature 0.9 --top-p 0.95 --seed ";
        Object first = generate("It was a", options + 5).json().get("ids");

        assertThat(generate("It was a", options + 5).json().get("ids")).isEqualTo(first);
        assertThat(generate("It was a", options + 6).json().get("ids")).isNotEqualTo(first);
    }

    @Test
    void aStopTextEndsTheAnswerAndIsLeftOut() {
        assertThat(generate("It was a", "--local --json --max-tokens 40 --stop feeling")
                        .json())
                .containsEntry("text", " matter of ")
                .containsEntry("finish_reason", "stop");
    }

    @Test
    void detailsAreTheMemoryOfTheFrontAndTheSharesOfTheTime() {
        CommandRun run = generate("It was a", "--local --max-tokens 4 --json -v");

        assertThat(run.err())
                .contains("memory   embeddings 640.0 KB, attention 800.0 KB", "head 640.0 KB", "time     ", "routing");
        Map<?, ?> shares = (Map<?, ?>) run.json().get("shares");
        assertThat(shares.values().stream().mapToDouble(share -> (double) share).sum())
                .isCloseTo(1, within(1e-6));
    }

    @Test
    void theTextEndsWhenItsReaderHasGone() {
        Writer gone = new Writer() {
            @Override
            public void write(char[] characters, int from, int count) throws IOException {
                throw new IOException("nothing reads this");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        StringWriter err = new StringWriter();
        int exitCode = Main.run(
                new PrintWriter(gone), new PrintWriter(err), "generate", "--local", "--max-tokens", "400", "It was a");

        assertThat(exitCode).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--local", "--embedded --ranks 2"})
    void theErrorOfNarrowedExpertsIsToldOnStandardError(String place) {
        CommandRun run = CommandRun.of(
                "generate --json --max-tokens 2 --ids 1,2 --weights-as w8a8 --checkpoint " + OLMOE + " " + place);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .containsPattern("experts narrowed: relative error of a layer's output at most \\d\\.\\de-0[12]");
        assertThat((List<?>) run.json().get("narrowing")).isNotEmpty();

        CommandRun stored = CommandRun.of("generate --json --local --max-tokens 2 --ids 1,2 --checkpoint " + OLMOE);
        assertThat(stored.err()).doesNotContain("narrowed");
        assertThat((List<?>) stored.json().get("narrowing")).isEmpty();
    }

    @Test
    void badInputIsRefusedBeforeExpertsAreDeployed() throws IOException {
        generate("x", "--ids 1").assertRefused("prompt: PROMPT and --ids (expected: either PROMPT or --ids)");
        CommandRun.of("generate").assertRefused("prompt: none (expected: either PROMPT or --ids)");
        CommandRun.of("generate --local --ids 1,5000").assertRefused("token: 5000 (expected: 0 to 2047)");
        CommandRun.of("generate --ids 1 --chat").assertRefused("--chat: with --ids");
        CommandRun.of("generate --local", "").assertRefused("tokens of the prompt: 0 (expected: at least 1)");
        generate("x", "--local --embedded").assertRefused("one of --embedded, --members, --local and --cluster");
        generate("x", "--max-tokens 0").assertRefused("maxTokens: 0 (expected: at least 1)");
        generate("x", "--weights-as int3").assertRefused("--weights-as: int3");
        generate("x", "--save-logits " + folder.resolve("none").resolve("l.npy"))
                .assertRefused("--save-logits: ", "expected: a file in an existing folder");
        generate("x", "--checkpoint " + folder).assertRefused("config.json: no such file");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"jamba\"}");
        generate("x", "--checkpoint " + folder).assertRefused(folder.toString());
    }

    @Test
    void aPromptOfTextNeedsATokenizer() {
        generate("x", "--local --checkpoint " + OLMOE).assertRefused("tokenizer.json: no such file");
        assertThat(CommandRun.of("generate --local --json --max-tokens 3 --ids 1,2 --checkpoint " + OLMOE)
                        .json())
                .containsEntry("text", "")
                .containsEntry("tokens", 3);
    }

    @Test
    void aDeployedModelMakesTheSameTextAndAnotherCheckpointIsRefused() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            String there = " --cluster-name " + cluster.name() + " --address "
                    + String.join(",", cluster.clientConfig().getNetworkConfig().getAddresses());
            CommandRun.of("deploy austen --checkpoint " + CheckpointOptions.shipped() + there);

            assertThat((String) generate("It was a", "--model austen --max-tokens 16 --json" + there)
                            .json()
                            .get("text"))
                    .startsWith(BEGINNING);
            CommandRun.of("generate --model austen --ids 1 --checkpoint " + OLMOE + there)
                    .assertRefused("model 'austen/0': MoeShape[", "families" + File.separator + "olmoe has it");
            CommandRun.of("generate --model absent --ids 1" + there).assertRefused("'absent/0': not deployed");
        }
    }
}
