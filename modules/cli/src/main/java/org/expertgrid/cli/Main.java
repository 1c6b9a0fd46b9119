package org.expertgrid.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.expertgrid.cli.commands.ClusterCommand;
import org.expertgrid.cli.commands.DemoCommand;
import org.expertgrid.cli.commands.DeployCommand;
import org.expertgrid.cli.commands.ForwardCommand;
import org.expertgrid.cli.commands.InfoCommand;
import org.expertgrid.cli.commands.UndeployCommand;
import org.expertgrid.cli.output.Failures;
import org.expertgrid.cli.output.StandardStreams;
import org.expertgrid.cli.output.Versions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code expertgrid}, which leaves the work to its subcommands. */
@Command(
        name = "expertgrid",
        description =
                "Mixture-of-Experts layers whose weights live in a Hazelcast cluster, and whose compute moves to them.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Versions.class,
        usageHelpAutoWidth = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 done and right; 1 it ran and the answer is wrong; 2 bad usage or bad input, nothing was done;"
                    + " 3 it failed while it ran.",
        },
        subcommands = {
            DemoCommand.class,
            ForwardCommand.class,
            ClusterCommand.class,
            DeployCommand.class,
            UndeployCommand.class,
            InfoCommand.class,
            CommandLine.HelpCommand.class,
        })
public final class Main implements Runnable {
    private record Group(String purpose, List<String> commands) {}

    private static final List<Group> GROUPS = List.of(
            new Group("Run it once", List.of("demo", "forward")),
            new Group("A cluster that stays", List.of("cluster", "deploy", "undeploy")),
            new Group("About this machine", List.of("info")));

    /** Held here, for the JDK forgets the level of a logger that nobody refers to. */
    private final List<Logger> loggers = List.of(Logger.getLogger("org.expertgrid"), Logger.getLogger("com.hazelcast"));

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec command;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Log more, and show where an error comes from.")
    void verbose(boolean verbose) {
        if (verbose) {
            loggers.get(0).setLevel(Level.FINE);
            loggers.get(1).setLevel(Level.INFO);
        }
    }

    /** Runs the command of the arguments and ends this JVM with its exit code. */
    public static void main(String[] arguments) {
        StandardStreams.run(Main::run, arguments);
    }

    /** Runs the command of the arguments and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Failures::badUsage)
                .setExecutionExceptionHandler(Failures::failed);
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, Main::commandsByPurpose);
        return line.execute(arguments);
    }

    private static String commandsByPurpose(Help help) {
        StringBuilder text = new StringBuilder();
        for (Group group : GROUPS) {
            text.append(String.format("%n%s:%n", group.purpose()));
            for (String name : group.commands()) {
                String description = help.subcommands()
                        .get(name)
                        .commandSpec()
                        .usageMessage()
                        .description()[0];
                text.append(String.format(Locale.ROOT, "  %-12s %s%n", name, description));
            }
        }
        return text.append(String.format("%nhelp COMMAND, or COMMAND --help, has the options of each.%n"))
                .toString();
    }

    /** Without a subcommand there is only help to give. */
    @Override
    public void run() {
        command.commandLine().usage(command.commandLine().getOut());
    }
}
