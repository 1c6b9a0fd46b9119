package org.expertgrid.cli.output;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The option {@code --verbose}, which every command has: without it, only warnings and errors are logged. */
public final class Verbosity {
    static final String OPTION = "--verbose";

    /** The JDK discards the level of a logger that is not referenced. */
    private final List<Logger> loggers = List.of(Logger.getLogger("org.expertgrid"), Logger.getLogger("com.hazelcast"));

    /** Sets the levels of the loggers. Picocli calls it once for each command line, with false if the option is not given. */
    @Option(
            names = {"-v", OPTION},
            scope = ScopeType.INHERIT,
            defaultValue = "false",
            description = "Log more, and show the stack trace of an error.")
    void verbose(boolean verbose) {
        loggers.get(0).setLevel(verbose ? Level.FINE : Level.WARNING);
        loggers.get(1).setLevel(verbose ? Level.INFO : Level.WARNING);
    }

    /** Returns whether the option was given at the command or at one of its subcommands. */
    static boolean isAskedFor(ParseResult parsed) {
        return parsed != null && (parsed.hasMatchedOption(OPTION) || isAskedFor(parsed.subcommand()));
    }
}
