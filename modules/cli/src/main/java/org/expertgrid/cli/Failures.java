package org.expertgrid.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.expertgrid.experts.ExpertgridException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what went wrong, and with which exit code a command ends then. */
public final class Failures {
    private Failures() {}

    /** Answers arguments that cannot be understood: the message, what may have been meant, where help is. */
    public static int badUsage(ParameterException exception, String[] arguments) {
        CommandLine line = exception.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("expertgrid: " + exception.getMessage());
        UnmatchedArgumentException.printSuggestions(exception, err);
        err.println("'" + line.getCommandSpec().qualifiedName() + " --help' has all options.");
        return ExitCode.USAGE;
    }

    /** Answers an exception of a command that was understood. */
    public static int failed(Exception exception, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        if (isVerbose(parsed)) {
            exception.printStackTrace(err);
        }
        if (isBadInput(exception)) {
            err.println("expertgrid: " + exception.getMessage());
            return ExitCode.USAGE;
        }
        err.println("expertgrid: unexpected: " + exception + " (-v shows where it comes from)");
        return ExitCode.SOFTWARE;
    }

    /** The option may be anywhere: before the command's name, behind it, between the two of "cluster start". */
    private static boolean isVerbose(ParseResult parsed) {
        return parsed != null && (parsed.hasMatchedOption("--verbose") || isVerbose(parsed.subcommand()));
    }

    private static boolean isBadInput(Exception exception) {
        return exception instanceof IllegalArgumentException
                || exception instanceof ExpertgridException
                || exception instanceof UncheckedIOException;
    }
}
