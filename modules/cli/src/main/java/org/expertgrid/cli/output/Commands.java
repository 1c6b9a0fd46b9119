package org.expertgrid.cli.output;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;

/** Makes command lines that report failures and read constants in the same way. */
public final class Commands {
    private Commands() {}

    /**
     * Returns the command line of a command.
     *
     * @param command an object that is annotated with {@link picocli.CommandLine.Command}
     * @param out receives results and help
     * @param err receives errors
     */
    public static CommandLine line(Object command, PrintWriter out, PrintWriter err) {
        return line(command, List.of(), out, err);
    }

    /**
     * Returns the command line of a command that has subcommands besides those that its annotation names.
     *
     * @param subcommands their classes, which are annotated like {@code command}
     */
    public static CommandLine line(Object command, List<Class<?>> subcommands, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(command);
        subcommands.forEach(line::addSubcommand);
        return line.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Failures::badUsage)
                .setExecutionExceptionHandler(Failures::failed);
    }
}
