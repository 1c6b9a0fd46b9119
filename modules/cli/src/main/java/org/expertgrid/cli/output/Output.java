package org.expertgrid.cli.output;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Writes the output of a command: text to standard output or, with {@code --json}, text to standard error and one JSON object to
 * standard output.
 */
public final class Output {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "One JSON object on standard output, text for people on standard error.")
    private boolean json;

    /** Writes a line of text. */
    public void say(String format, Object... arguments) {
        words().println(String.format(Locale.ROOT, format, arguments));
    }

    /** Returns whether the user asked for details. */
    public boolean isVerbose() {
        return Verbosity.isAskedFor(command.root().commandLine().getParseResult());
    }

    /** Returns a progress bar, which draws nothing if standard error is no terminal. */
    public Progress progress(String what) {
        return Progress.onTerminal(command.commandLine().getErr(), what);
    }

    /** Writes the JSON object if {@code --json} was given. Call it once, at the end. */
    public void result(Map<String, ?> result) {
        if (json) {
            command.commandLine().getOut().println(toJson(result));
        }
    }

    /** Returns the writer of lines about failures. */
    public PrintWriter err() {
        return command.commandLine().getErr();
    }

    /** Returns a value as the command line writes it: the name of an enum constant in lower case. */
    public static String text(Object value) {
        return value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT) : String.valueOf(value);
    }

    public static String toJson(Object value) {
        try {
            return JSON.std.asString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the writer of words for people, for text that appears while it is made. */
    public PrintWriter words() {
        return json ? command.commandLine().getErr() : command.commandLine().getOut();
    }
}
