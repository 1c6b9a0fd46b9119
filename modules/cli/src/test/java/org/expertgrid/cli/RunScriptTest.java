package org.expertgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.expertgrid.checkpoints.npy.NpyFile;
import org.expertgrid.cli.commands.ForwardCommandTest;
import org.expertgrid.cli.local.ClusterFolder;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.experts.layers.SimpleMoe;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole way from run.sh to member JVMs and back, on the JDK that runs this test.
 *
 * <p>What run.sh starts must have been built before, as {@code ./run.sh test} does: building under Maven's own hands would
 * disturb both.
 */
@Tag("slow")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class RunScriptTest {
    private static final int COMMAND_SECONDS = 240;
    private static final String SHAPE = "--input-dim 17 --hidden-dim 29 --output-dim 12 --experts 5 --topk 3 --ranks 4";

    /** With a blank, as people's folders have. */
    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ON_SUCCESS)
    private Path temporary;

    private Path folder;
    private String javaOptions = "-Dexpertgrid.member.warmUp=false";

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("a folder"));
    }

    @AfterEach
    void endLeftovers() {
        new ClusterFolder(folder.resolve("cluster")).cluster().ifPresent(LocalCluster::close);
    }

    @Test
    @Tag("jdk")
    void theDemoStartsMembersComparesAndLeavesNothing() throws Exception {
        javaOptions = "";

        CommandRun run = runScript("demo --json --batch 33 --members 2 " + SHAPE);

        Map<String, Object> json = run.json();
        assertThat(json).containsEntry("members", 2).containsEntry("ranks", 4);
        assertThat((double) json.get("max_abs_difference")).isLessThan(1e-12);
        // So little to compute is not worth asking anybody else: only the speed-up may miss its mark.
        assertThat(run.exitCode()).isEqualTo((boolean) json.get("passed") ? 0 : 1);
        assertThat(run.err()).contains("✅ |sum difference|");
    }

    /** What the script starts and ends; the other commands run in this JVM, on the same members. */
    @Test
    void aClusterStaysServesModelsAndEnds() throws Exception {
        Path store = folder.resolve("store");
        Map<String, Object> started = runScript("cluster start 2 --heap 256m --json", "--store", store)
                .json();
        List<Long> processes = new ArrayList<>(processes(started));
        assertThat(processes).hasSize(2).allMatch(RunScriptTest::isAlive);
        assertThat(processes).allMatch(process -> usesArchive(process) == isArchived());
        here("cluster start 1").assertRefused("running already");

        assertThat(here("deploy ranker --json " + SHAPE).json()).containsEntry("members", 2);
        here("deploy ranker " + SHAPE).assertRefused("model 'ranker': READY already");
        Path saved = folder.resolve("y.npy");
        CommandRun forward = runScript("forward --cluster --model ranker --batch 33 --json", "--save-output", saved);
        assertThat(forward.json()).containsEntry("rows", 33).containsEntry("members", 2);
        ForwardCommandTest.assertSame(NpyFile.read(saved), expected(33), 1e-12);

        assertThat(runScript("cluster stop").exitCode()).isZero();
        assertThat(processes).noneMatch(RunScriptTest::isAlive);
        here("cluster stop").assertRefused("no cluster is running");

        processes.addAll(processes(
                here("cluster start 1 --heap 256m --json", "--store", store).json()));
        assertForward(saved, 1);
        assertThat(here("undeploy ranker --json").json()).containsEntry("undeployed", "ranker");
        here("forward --cluster --model ranker").assertRefused("model 'ranker': not deployed");
        assertThat(here("cluster stop").exitCode()).isZero();
        assertThat(processes).noneMatch(RunScriptTest::isAlive);
    }

    @Test
    @Tag("nightly")
    void aClusterGrowsShrinksAndSpreadsRanksAnew() throws IOException {
        List<Long> processes = new ArrayList<>(
                processes(here("cluster start 2 --heap 256m --json").json()));
        assertThat(here("deploy ranker " + SHAPE).exitCode()).isZero();
        assertThat(here("cluster stop --member 2 --json").json())
                .containsEntry("ended", List.of(processes.get(1).intValue()));
        assertThat(isAlive(processes.get(1))).isFalse();
        List<Long> grown =
                processes(here("cluster start 1 --add --heap 256m --json").json());
        assertThat(grown).hasSize(2).contains(processes.get(0));
        processes.addAll(grown);
        CommandRun rebalanced = here("cluster rebalance ranker --json");
        if (rebalanced.exitCode() == 0) {
            assertThat(rebalanced.json()).containsEntry("name", "ranker");
        } else {
            assertThat(rebalanced.err()).contains("ranks are being moved already"); // members have begun by themselves
        }
        assertForward(folder.resolve("y.npy"), 2);
        Map<String, Object> status = here("cluster status --json").json();
        assertThat(status).containsEntry("running", true);
        assertThat((List<?>) status.get("members")).hasSize(2);
        assertThat((List<?>) status.get("models")).hasSize(1);
        assertThat(here("cluster stop").exitCode()).isZero();
        assertThat(processes).noneMatch(RunScriptTest::isAlive);
    }

    private void assertForward(Path saved, int members) {
        CommandRun forward = here("forward --cluster --model ranker --batch 33 --json", "--save-output", saved);
        assertThat(forward.json()).containsEntry("rows", 33).containsEntry("members", members);
        ForwardCommandTest.assertSame(NpyFile.read(saved), expected(33), 1e-12);
    }

    /** Runs a command in this JVM, on the cluster that is written down in the test's folder. */
    private CommandRun here(String command, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--folder", folder.resolve("cluster")));
        return CommandRun.of(command, arguments.toArray());
    }

    @ParameterizedTest
    @CsvSource({
        "help, Of run.sh itself:",
        "test --help, Usage: run.sh test [--quick]",
        "help chaos, Usage: expertgrid chaos",
        "help bench, Usage: expertgrid bench"
    })
    void everyCommandHasHelp(String command, String usage) throws Exception {
        CommandRun run = runScript(command);

        assertThat(run.out()).contains(usage, "Exit codes: 0");
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"test --quickly, Unknown argument of test: '--quickly'", "install here, install takes no argument"})
    void unknownArgumentsAreBadUsage(String command, String message) throws Exception {
        CommandRun run = runScript(command);

        assertThat(run.err()).contains(message);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "cluster start 1"})
    void kernelsThatDoNotExistAreBadUsage(String command) throws Exception {
        javaOptions = "-Dexpertgrid.kernels=abacus";

        CommandRun run = runScript(command);

        assertThat(run.err()).contains("expertgrid: kernels: abacus (expected: one of [vector, plain, ojalgo])");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    private CommandRun runScript(String command, Object... more) throws IOException, InterruptedException {
        Path checkout = checkout();
        List<String> line = new ArrayList<>(List.of(checkout.resolve("run.sh").toString()));
        line.addAll(List.of(command.split(" ")));
        for (Object argument : more) {
            line.add(argument.toString());
        }
        File out = folder.resolve("out").toFile();
        File err = folder.resolve("err").toFile();
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectOutput(out)
                .redirectError(err);
        builder.environment().put("EXPERTGRID_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("EXPERTGRID_BUILT", "yes");
        builder.environment().put("EXPERTGRID_JAVA_OPTS", javaOptions);
        builder.environment().put("EXPERTGRID_FOLDER", folder.resolve("cluster").toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS))
                    .as("%s ended in time; it said %s", line, Files.readString(err.toPath()))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new CommandRun(
                process.exitValue(),
                Files.readString(out.toPath(), StandardCharsets.UTF_8),
                Files.readString(err.toPath(), StandardCharsets.UTF_8));
    }

    /** Returns the folder above this module's that has run.sh. */
    private static Path checkout() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("run.sh"))) {
            folder = folder.getParent();
        }
        assertThat(folder.resolve("modules/cli/target/distribution/lib"))
                .as("what run.sh starts, built before by ./run.sh test, or any other command of it")
                .isDirectoryContaining("glob:**/expertgrid-cli-*.jar");
        return folder;
    }

    private static List<Long> processes(Map<String, Object> started) {
        return ((List<?>) started.get("members"))
                .stream()
                        .map(member -> ((Number) ((Map<?, ?>) member).get("pid")).longValue())
                        .toList();
    }

    private static boolean isAlive(long process) {
        return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Returns whether there is an archive of classes for this JDK, which a JDK need not be able to write. */
    private static boolean isArchived() {
        String name = "classes-" + Runtime.version().feature() + ".jsa";
        return Files.exists(
                checkout().resolve("modules/cli/target/distribution").resolve(name));
    }

    private static boolean usesArchive(long process) {
        return ProcessHandle.of(process)
                .flatMap(handle -> handle.info().commandLine())
                .orElse("")
                .contains("-XX:SharedArchiveFile=");
    }

    private static Matrix expected(int rows) {
        NamedRandomStates states = new NamedRandomStates();
        MoeWeights weights = MoeWeights.random(new MoeShape(17, 29, 12, 5), ElementType.FLOAT64, states);
        try (NamedRandomStates.Scope testing = states.enter("testing")) {
            return new SimpleMoe(weights, 3, KernelsChoice.best())
                    .forward(testing.randomState().randn(rows, 17));
        }
    }
}
