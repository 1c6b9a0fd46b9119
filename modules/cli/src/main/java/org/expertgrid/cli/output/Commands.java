package org.expertgrid.cli.output;

import java.io.PrintWriter;
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
        return new CommandLine(command)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Failures::badUsage)
                .setExecutionExceptionHandler(Failures::failed);
    }
}
