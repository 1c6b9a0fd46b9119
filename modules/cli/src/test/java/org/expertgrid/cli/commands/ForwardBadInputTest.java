package org.expertgrid.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.expertgrid.checkpoints.npy.NpyFile;
import org.expertgrid.cli.CommandRun;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardBadInputTest {
    private static final String SMALL =
            "forward --embedded --input-dim 3 --hidden-dim 4 --output-dim 5 --experts 2 --ranks 4";

    @TempDir
    private Path folder;

    @Test
    void rowsOfTheWrongWidthAreRefused() {
        Path file = folder.resolve("x.npy");
        NpyFile.write(file, Matrix.zeros(ElementType.FLOAT64, 7, 2));

        CommandRun.of(SMALL, "--input", file)
                .assertRefused(file + ": columns: 2 (expected: 3, the model's input width)");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = folder.resolve("none.npy");

        CommandRun.of(SMALL, "--input", file).assertRefused(file + ": no such file");
    }

    @Test
    void aFileThatIsNoNpyIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("text.npy"), "1.0, 2.0, 3.0\n");

        CommandRun.of(SMALL, "--input", file).assertRefused(file.toString(), "expected: ");
    }

    @Test
    void aFileThatClaimsMoreThanItHoldsIsRefusedBeforeAnythingIsAllocated() throws IOException {
        Path file = folder.resolve("lying.npy");
        NpyFile.write(file, Matrix.zeros(ElementType.FLOAT64, 100, 3));
        byte[] bytes = Files.readAllBytes(file);
        String header = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
                .replace("(100, 3), }      ", "(600000000, 3), }");
        Files.write(file, header.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));

        CommandRun.of(SMALL, "--input", file).assertRefused(file.toString());
    }

    @Test
    void aBatchThatTheFileContradictsIsRefused() {
        Path file = folder.resolve("x.npy");
        NpyFile.write(file, Matrix.zeros(ElementType.FLOAT64, 7, 3));

        CommandRun.of(SMALL, "--batch", 8, "--input", file).assertRefused("--batch: 8 (expected: 7, as " + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--save-input", "--save-output", "--save-routing"})
    void afileThatCannotBeWrittenIsRefusedBeforeAnythingIsStarted(String option) {
        Path file = folder.resolve("no such folder").resolve("file");

        CommandRun.of(SMALL, option, file)
                .assertRefused(option + ": " + file + " (expected: a file in an existing folder)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--save-input", "--save-output", "--save-routing"})
    void aFolderIsNoFileToWrite(String option) {
        CommandRun.of(SMALL, option, folder)
                .assertRefused(option + ": " + folder + " (expected: a file in an existing folder)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--save-output", "--save-routing"})
    void aFileThatCannotBeWrittenInTheEndIsNoBadInput(String option) {
        Path full = Path.of("/dev/full");
        assumeThat(full).as("a device without room").exists();

        CommandRun run = CommandRun.of(SMALL, "--members", 1, "--batch", 1, option, full);

        assertThat(run.err())
                .startsWith("expertgrid: " + full + ": cannot be written")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(3);
    }

    @Test
    void aMissingWeightFileIsNamed() throws IOException {
        ForwardCommandTest.write(weights(), folder);
        Files.delete(folder.resolve("expert1.fc2.bias.npy"));

        CommandRun.of("forward --embedded --ranks 4", "--weights", folder)
                .assertRefused(folder.resolve("expert1.fc2.bias.npy") + ": no such file");
    }

    @Test
    void weightsThatDoNotFitEachOtherAreRefused() {
        ForwardCommandTest.write(weights(), folder);
        Path wrong = folder.resolve("expert1.fc1.weight.npy");
        NpyFile.write(wrong, Matrix.zeros(ElementType.FLOAT64, 3, 3));

        CommandRun.of("forward --embedded --ranks 3", "--weights", folder)
                .assertRefused(wrong.toString(), "expected: ");
    }

    @Test
    void optionsThatTheWeightsContradictAreRefusedAllAtOnce() {
        ForwardCommandTest.write(weights(), folder);

        CommandRun.of(
                        "forward --embedded --input-dim 9 --hidden-dim 4 --experts 3 --element float32 --ranks 5",
                        "--weights",
                        folder)
                .assertRefused(
                        "--input-dim: 9 (expected: 3, as " + folder,
                        "--experts: 3 (expected: 2",
                        "--element: float32 (expected: float64",
                        "--ranks: 5 (expected: at most 4");
    }

    @Test
    void aModelIsOneOfARunningCluster() {
        CommandRun.of(SMALL, "--model", "ranker").assertRefused("--model: ranker (expected: --cluster with it");
        CommandRun.of("forward --cluster --folder", folder).assertRefused("--model: none (expected: ");
        CommandRun.of("forward --embedded --cluster --model ranker --weights", folder)
                .assertRefused("--embedded: given", "--weights: given");
    }

    @Test
    void aRefusedDeploymentLeavesNoShards() throws IOException {
        CommandRun.of(SMALL, "--save-output", folder.resolve("y.npy"), "--input", folder.resolve("none.npy"))
                .assertRefused("no such file");

        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    private static MoeWeights weights() {
        return MoeWeights.random(new MoeShape(3, 4, 5, 2), ElementType.FLOAT64, new NamedRandomStates())
                .inMemory();
    }
}
