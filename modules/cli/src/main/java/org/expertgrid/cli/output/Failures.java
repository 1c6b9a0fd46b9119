package org.expertgrid.cli.output;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.expertgrid.cluster.errors.RefusedException;
import org.expertgrid.experts.errors.BadFileException;
import org.expertgrid.experts.errors.ExpertgridException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what went wrong, and with which exit code a command ends then. */
public final class Failures {
    /** What a command ends with that was understood and begun, and came to no answer. */
    static final int FAILED = 3;

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
        err.println(
                isForeseen(exception)
                        ? "expertgrid: " + exception.getMessage()
                        : "expertgrid: unexpected: " + exception + " (-v shows where it comes from)");
        return exitCode(exception);
    }

    private static int exitCode(Exception exception) {
        if (exception instanceof WrongAnswerException) {
            return ExitCode.SOFTWARE;
        }
        boolean refused = exception instanceof IllegalArgumentException
                || exception instanceof BadFileException
                || exception instanceof RefusedException;
        return refused ? ExitCode.USAGE : FAILED;
    }

    /** The option may be anywhere: before the command's name, behind it, between the two of "cluster start". */
    private static boolean isVerbose(ParseResult parsed) {
        return parsed != null && (parsed.hasMatchedOption(Verbosity.OPTION) || isVerbose(parsed.subcommand()));
    }

    private static boolean isForeseen(Exception exception) {
        return exception instanceof IllegalArgumentException
                || exception instanceof ExpertgridException
                || exception instanceof UncheckedIOException;
    }
}
