package org.expertgrid.cli.commands;

import org.expertgrid.cluster.errors.RefusedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The commands that run.sh runs without this program, which has only their help. */
public final class ScriptCommands {
    private ScriptCommands() {}

    /** A command of run.sh. Running it here is bad usage. */
    public abstract static class ScriptCommand implements Runnable {
        @Spec
        private CommandSpec command;

        @Override
        public void run() {
            throw new RefusedException(
                    command.name() + ": a command of run.sh (expected: ./run.sh " + command.name() + ")");
        }
    }

    /** Measures. */
    @Command(name = "bench", description = "kernels | layer | cluster | memory | model: side by side, with ratios")
    public static final class Bench extends ScriptCommand {}

    /** Tries a cluster. */
    @Command(name = "chaos", description = "Faults under load, every result checked")
    public static final class Chaos extends ScriptCommand {}

    /** Tests. */
    @Command(
            name = "test",
            customSynopsis = "run.sh test [--quick]",
            description = {
                "All tests and checks, on every JDK needed (--quick: two minutes)",
                "",
                "All tests run on the newest JDK that is found. On the oldest one, the tests run that depend on the JDK. The"
                        + " last line counts the tests that passed, failed and were skipped.",
                "",
            },
            footer = {"", "Exit codes: 0 all passed; 1 something failed; 2 bad usage."})
    public static final class Test extends ScriptCommand {
        @Option(
                names = "--quick",
                description = "Without the slow tests and the checks, on the newest JDK: two minutes.")
        private boolean quick;
    }

    /** Installs. */
    @Command(
            name = "install",
            customSynopsis = "run.sh install",
            description = {
                "The jars, sources and Javadoc into the local Maven repository",
                "",
                "Then it prints what a pom.xml needs to use them.",
                "",
            },
            footer = {"", "Exit codes: 0 done; 2 bad usage; 3 it failed while it ran."})
    public static final class Install extends ScriptCommand {}
}
