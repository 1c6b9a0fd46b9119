package org.expertgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void helpGroupsTheCommandsByPurpose(String help) {
        CommandRun run = CommandRun.of(help);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsSubsequence(
                        "Run it once:",
                        "demo",
                        "forward",
                        "A cluster that stays:",
                        "cluster",
                        "deploy",
                        "undeploy",
                        "About this machine:",
                        "info",
                        "Exit codes: 0",
                        "3 it failed while it ran");
    }

    @Test
    void withoutACommandThereIsHelp() {
        CommandRun run = CommandRun.of("");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo(CommandRun.of("--help").out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "forward",
                "deploy",
                "undeploy",
                "info",
                "cluster",
                "cluster start",
                "cluster status",
                "cluster rebalance",
                "cluster stop"
            })
    void everyCommandHasHelp(String command) {
        CommandRun run = CommandRun.of(command + " --help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: expertgrid " + command, "Exit codes: 0");
        assertThat(CommandRun.of("help " + command.split(" ")[0]).out()).contains("Usage: expertgrid");
    }

    @Test
    void theShapeOptionsAreTheSameInEveryCommand() {
        List<String> options = List.of(
                "--batch=N",
                "Rows, from 0 up (1000)",
                "--input-dim=N",
                "--hidden-dim=N",
                "--output-dim=N",
                "--experts=N",
                "Experts (10)",
                "--topk=K",
                "--ranks=N",
                "--element=TYPE",
                "float64, float32 (float64)",
                "--exchange=WAY",
                "--members=N",
                "Data members of the cluster (3)",
                "--heap=SIZE",
                "(512m)");

        for (String command : List.of("demo", "forward", "deploy")) {
            assertThat(CommandRun.of(command + " --help").out()).contains(options);
        }
    }

    @Test
    void versionIsOneLine() {
        CommandRun run = CommandRun.of("--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("expertgrid ").hasLineCount(1);
    }

    @Test
    void anUnknownOptionIsBadUsageAndASimilarOneIsNamed() {
        CommandRun.of("demo --batches 3").assertRefused("--batches", "--batch", "'expertgrid demo --help'");
    }

    @Test
    void anUnknownCommandIsBadUsageAndASimilarOneIsNamed() {
        CommandRun.of("deplo").assertRefused("deplo", "deploy");
    }

    @Test
    void aClusterCommandNeedsToSayWhichOne() {
        CommandRun.of("cluster").assertRefused("start, status, rebalance or stop");
        CommandRun.of("cluster restart").assertRefused("restart");
    }

    @Test
    void aMissingNameIsBadUsage() {
        CommandRun.of("deploy").assertRefused("NAME");
        CommandRun.of("undeploy").assertRefused("NAME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v forward --embedded --input ", "forward --embedded --verbose --input "})
    void verboseShowsWhereAnErrorComesFrom(String command) {
        List<Logger> loggers = List.of(Logger.getLogger("org.expertgrid"), Logger.getLogger("com.hazelcast"));
        List<Level> levels = loggers.stream().map(Logger::getLevel).toList();
        try {
            CommandRun run = CommandRun.of(command + "/there/is/no.npy");

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("\tat org.expertgrid.", "expertgrid: /there/is/no.npy: no such file");
            assertThat(loggers).extracting(Logger::getLevel).containsExactly(Level.FINE, Level.INFO);
        } finally {
            for (int i = 0; i < levels.size(); i++) {
                loggers.get(i).setLevel(levels.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"test", "install"})
    void commandsOfRunShHaveHelpAndAreRefused(String command) {
        assertThat(CommandRun.of("help " + command).out()).contains("Usage: run.sh " + command, "Exit codes: 0");
        CommandRun.of(command).assertRefused(command + ": a command of run.sh (expected: ./run.sh " + command + ")");
    }
}
