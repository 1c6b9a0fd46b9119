package org.expertgrid.chaos;

import java.io.PrintWriter;
import org.expertgrid.cli.output.Commands;
import org.expertgrid.cli.output.StandardStreams;
import org.expertgrid.cli.output.Verbosity;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ScopeType;

/** The command {@code expertgrid chaos} of run.sh. */
@Command(
        name = "expertgrid",
        description = "Trials of correctness: faults under load.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        usageHelpAutoWidth = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ChaosCommand.class, CommandLine.HelpCommand.class})
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec command;

    @Mixin
    private Verbosity verbosity;

    /** Runs the command of the arguments and ends this JVM with its exit code. */
    public static void main(String[] arguments) {
        StandardStreams.run(Main::run, arguments);
    }

    /** Runs the command of the arguments and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return Commands.line(new Main(), out, err).execute(arguments);
    }

    /** Prints help, because no subcommand was given. */
    @Override
    public void run() {
        command.commandLine().usage(command.commandLine().getOut());
    }
}
