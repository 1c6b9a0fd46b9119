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

/** Reports a failure in one line and returns the exit code of the command. */
public final class Failures {
    /** The exit code of a command that failed while it ran. */
    static final int FAILED = 3;

    private Failures() {}

    /** Reports arguments that cannot be parsed: the message, similar options or commands, and the command that prints help. */
    public static int badUsage(ParameterException exception, String[] arguments) {
        CommandLine line = exception.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("expertgrid: " + exception.getMessage());
        UnmatchedArgumentException.printSuggestions(exception, err);
        err.println("'" + line.getCommandSpec().qualifiedName() + " --help' has all options.");
        return ExitCode.USAGE;
    }

    /** Reports an exception of a command whose arguments were parsed. */
    public static int failed(Exception exception, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        if (Verbosity.isAskedFor(parsed)) {
            exception.printStackTrace(err);
        }
        err.println(
                isForeseen(exception)
                        ? "expertgrid: " + exception.getMessage()
                        : "expertgrid: unexpected: " + exception + " (-v shows its stack trace)");
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

    private static boolean isForeseen(Exception exception) {
        return exception instanceof IllegalArgumentException
                || exception instanceof ExpertgridException
                || exception instanceof UncheckedIOException;
    }
}
