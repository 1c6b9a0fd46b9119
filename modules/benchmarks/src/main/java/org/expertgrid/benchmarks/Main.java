package org.expertgrid.benchmarks;

import java.io.PrintWriter;
import org.expertgrid.benchmarks.chaos.ChaosCommand;
import org.expertgrid.cli.output.Failures;
import org.expertgrid.cli.output.StandardStreams;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The commands of run.sh that measure and try instead of work. */
@Command(
        name = "expertgrid",
        description = "What Expertgrid does, beside others that do the same.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        usageHelpAutoWidth = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BenchCommand.class, ChaosCommand.class, CommandLine.HelpCommand.class})
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec command;

    @CommandLine.Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show where an error comes from.")
    private boolean verbose;

    /** Runs the command of the arguments and ends this JVM with its exit code. */
    public static void main(String[] arguments) {
        StandardStreams.run(Main::run, arguments);
    }

    /** Runs the command of the arguments and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Failures::badUsage)
                .setExecutionExceptionHandler(Failures::failed)
                .execute(arguments);
    }

    /** Without a subcommand there is only help to give. */
    @Override
    public void run() {
        command.commandLine().usage(command.commandLine().getOut());
    }
}
