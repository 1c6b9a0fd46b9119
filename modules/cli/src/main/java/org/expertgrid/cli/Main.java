package org.expertgrid.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.expertgrid.cli.commands.ClusterCommand;
import org.expertgrid.cli.commands.DemoCommand;
import org.expertgrid.cli.commands.DeployCommand;
import org.expertgrid.cli.commands.ForwardCommand;
import org.expertgrid.cli.commands.GenerateCommand;
import org.expertgrid.cli.commands.InfoCommand;
import org.expertgrid.cli.commands.ScriptCommands;
import org.expertgrid.cli.commands.ServeCommand;
import org.expertgrid.cli.commands.UndeployCommand;
import org.expertgrid.cli.output.Commands;
import org.expertgrid.cli.output.StandardStreams;
import org.expertgrid.cli.output.Verbosity;
import org.expertgrid.cli.output.Versions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.UsageMessageSpec;
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
        })
public final class Main implements Runnable {
    private record Group(String purpose, List<String> commands) {}

    private static final List<Group> GROUPS = List.of(
            new Group("Run it once", List.of("demo", "generate", "serve", "forward")),
            new Group("A cluster that stays", List.of("cluster", "deploy", "undeploy")),
            new Group("About this machine", List.of("info")),
            new Group("Of run.sh itself", List.of("bench", "chaos", "test", "install")));

    private static final List<Class<?>> SUBCOMMANDS = List.of(
            DemoCommand.class,
            GenerateCommand.class,
            ServeCommand.class,
            ForwardCommand.class,
            ClusterCommand.class,
            DeployCommand.class,
            UndeployCommand.class,
            InfoCommand.class,
            ScriptCommands.Bench.class,
            ScriptCommands.Chaos.class,
            ScriptCommands.Test.class,
            ScriptCommands.Install.class,
            CommandLine.HelpCommand.class);

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
        CommandLine line = Commands.line(new Main(), subcommands(arguments), out, err);
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, Main::commandsByPurpose);
        return line.execute(arguments);
    }

    /**
     * Returns the subcommand that the arguments begin with, else all of them, which {@code help} needs, too. For picocli to read all of them takes
     * a fifth of a second longer.
     */
    private static List<Class<?>> subcommands(String... arguments) {
        return SUBCOMMANDS.stream()
                .filter(type ->
                        arguments.length > 0 && type != CommandLine.HelpCommand.class && isNamed(type, arguments[0]))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(SUBCOMMANDS);
    }

    private static boolean isNamed(Class<?> command, String name) {
        return command.getAnnotation(Command.class).name().equals(name);
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
        return text.append(String.format("%nhelp COMMAND, or COMMAND --help, has the options of each.%n"
                        + "run.sh starts the newest JDK that it finds, from 17 up. EXPERTGRID_JAVA_HOME names another one;"
                        + " EXPERTGRID_JAVA_OPTS adds JVM options.%n"))
                .toString();
    }

    /** Prints help, because no subcommand was given. */
    @Override
    public void run() {
        command.commandLine().usage(command.commandLine().getOut());
    }
}
