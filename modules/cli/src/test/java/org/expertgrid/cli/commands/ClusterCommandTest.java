package org.expertgrid.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.expertgrid.cli.CommandRun;
import org.expertgrid.cli.Main;
import org.expertgrid.cli.local.ClusterFolder;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.local.MemberProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCommandTest {
    @TempDir
    private Path folder;

    @Test
    void thatNoneIsRunningIsAnAnswer() {
        CommandRun text = CommandRun.of("cluster status --folder", folder);
        assertThat(text.exitCode()).isZero();
        assertThat(text.out()).isEqualTo("no cluster is running (%s lists none)%n", folder.resolve("cluster.json"));

        assertThat(CommandRun.of("cluster status --json --folder", folder).json())
                .containsEntry("running", false)
                .containsEntry("folder", folder.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cluster stop",
                "cluster stop --member 1",
                "cluster start 1 --add",
                "cluster rebalance name",
                "deploy name",
                "undeploy name",
                "forward --cluster --model name"
            })
    void commandsThatNeedAClusterAreRefusedWithoutOne(String command) {
        CommandRun.of(command + " --folder", folder)
                .assertRefused("no cluster is running (" + folder, "start one with 'cluster start'");
    }

    @Test
    void membersThatHaveEndedAreNoCluster() throws IOException {
        Process process = sleeper();
        MemberProcess member = member(process, startOf(process));
        process.destroyForcibly().onExit().join();
        writeDown(member);

        assertThat(CommandRun.of("cluster status --json --folder", folder).json())
                .containsEntry("running", false);
        assertThat(CommandRun.of("cluster stop --folder", folder).out()).contains("0 of its 1 members were running");
        assertThat(folder.resolve("cluster.json")).doesNotExist();
    }

    @Test
    void stopEndsExactlyTheProcessesThatWereWrittenDown() throws Exception {
        Process ours = sleeper();
        Process theirs = sleeper();
        try {
            // A process that has the number of a member of ours now, but started at another time.
            writeDown(
                    member(ours, startOf(ours)), member(theirs, startOf(theirs).minusSeconds(60)));

            CommandRun run = CommandRun.of("cluster stop --json --folder", folder);

            assertThat(run.exitCode()).isZero();
            assertThat(run.json()).containsEntry("ended", List.of((int) ours.pid()));
            assertThat(ours.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(theirs.isAlive()).isTrue();
            assertThat(folder.resolve("cluster.json")).doesNotExist();
        } finally {
            ours.destroyForcibly();
            theirs.destroyForcibly();
        }
    }

    @Test
    void stopWaitsForACommandThatStartsMembersAndEndsTheseToo() throws Exception {
        Process first = sleeper();
        Process added = sleeper();
        CountDownLatch said = new CountDownLatch(1);
        StringWriter words = new StringWriter() {
            @Override
            public void flush() {
                said.countDown();
            }
        };
        StringWriter ignored = new StringWriter();
        try {
            CompletableFuture<Integer> exitCode;
            try (FileChannel starting =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                starting.lock();
                writeDown(member(first, startOf(first)));
                exitCode = CompletableFuture.supplyAsync(() -> Main.run(
                        new PrintWriter(words, true),
                        new PrintWriter(ignored, true),
                        "cluster",
                        "stop",
                        "--folder",
                        folder.toString()));
                assertThat(said.await(10, TimeUnit.SECONDS)).isTrue();
                CommandRun.of("cluster start 1 --add --folder", folder)
                        .assertRefused(folder + ": another command is starting or ending members");
                assertThat(first.isAlive()).isTrue();
                writeDown(member(first, startOf(first)), member(added, startOf(added)));
            }
            assertThat(exitCode.get(10, TimeUnit.SECONDS)).isZero();
            assertThat(words.toString())
                    .containsSubsequence("waiting for another command", "2 of its 2 members were running");
            assertThat(added.isAlive()).isFalse();
        } finally {
            first.destroyForcibly();
            added.destroyForcibly();
        }
    }

    @Test
    void thatNothingRunsLeavesNoFolderBehind() {
        Path nowhere = folder.resolve("nowhere");

        CommandRun.of("cluster stop --folder", nowhere).assertRefused("no cluster is running");
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void aSecondClusterIsRefusedWhileOneRuns() throws IOException {
        Process process = sleeper();
        try {
            writeDown(member(process, startOf(process)));

            CommandRun.of("cluster start 1 --folder", folder).assertRefused("cluster 'written-down': running already");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theLastMemberAndOneThatIsNotThereCannotLeave() throws IOException {
        Process process = sleeper();
        try {
            writeDown(member(process, startOf(process)));

            CommandRun.of("cluster stop --member 2 --folder", folder).assertRefused("--member: 2 (expected: 1 to 1)");
            CommandRun.of("cluster stop --member 1 --folder", folder)
                    .assertRefused("--member: 1 (expected: not the last one that runs");
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"name\": \"a\", \"members\": [{\"pid\": \"one\"}]}"})
    void aStateFileThatCannotBeReadIsRefused(String state) throws IOException {
        Path file = Files.writeString(folder.resolve("cluster.json"), state);

        CommandRun.of("cluster stop --folder", folder)
                .assertRefused(file.toString(), "expected: what 'cluster start' wrote");
        assertThat(file).exists();
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandRun.of("cluster start 1 --port", taken.getLocalPort(), "--folder", folder)
                    .assertRefused("port: " + taken.getLocalPort() + " is taken");
        }
        assertThat(folder.resolve("cluster.json")).doesNotExist();
        assertThat(CommandRun.of("cluster status --folder", folder).exitCode()).isZero();
    }

    @Test
    void aHeapThatNoMemberCanStartWithIsRefused() {
        CommandRun run = CommandRun.of("cluster start 1 --heap 1k --folder", folder);

        assertThat(run.err()).startsWith("expertgrid: --heap: 1k (expected: at least 64m");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(folder.resolve("cluster.json")).doesNotExist();
    }

    @Test
    void aStoreThatIsNoDirectoryIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        CommandRun.of("cluster start 1 --folder", folder.resolve("cluster"), "--store", file)
                .assertRefused(file + ": cannot be made", "expected: a directory");
    }

    @Test
    void membersThatAreAddedHaveTheClustersOwnStore() {
        CommandRun.of("cluster start 1 --add --folder", folder, "--store", folder)
                .assertRefused("--store: " + folder, "the running cluster has its own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "many", "2 --heap none", "2 --port 65536", "2 --port -1", "2 --port 65535"})
    void aClusterThatCannotBeStartedIsRefused(String arguments) {
        CommandRun.of("cluster start " + arguments + " --folder", folder).assertRefused("expertgrid: ");
    }

    @Test
    void aClusterOfAnotherNameIsNotTheOneThatRuns() throws IOException {
        Process process = sleeper();
        try {
            writeDown(member(process, startOf(process)));

            CommandRun.of("undeploy model --cluster-name another --folder", folder)
                    .assertRefused("--cluster: another (expected: 'current', which is written-down");
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process sleeper() throws IOException {
        return new ProcessBuilder("sleep", "60").start();
    }

    private static Instant startOf(Process process) {
        return process.toHandle().info().startInstant().orElseThrow();
    }

    private static MemberProcess member(Process process, Instant started) {
        return new MemberProcess(process.pid(), started, 1, Path.of("none.log"));
    }

    private void writeDown(MemberProcess... members) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", "written-down");
        json.put("members", List.of(members).stream().map(ClusterFolder::json).toList());
        Files.writeString(folder.resolve("cluster.json"), Output.toJson(json));
    }
}
