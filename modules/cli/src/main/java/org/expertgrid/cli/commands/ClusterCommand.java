package org.expertgrid.cli.commands;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code cluster}, whose subcommands start, examine, change and stop a local cluster. */
@Command(
        name = "cluster",
        description = {"start N | status | rebalance NAME | stop: a local cluster that outlives the command", ""},
        synopsisSubcommandLabel = "(start | status | rebalance | stop)",
        subcommands = {
            ClusterStartCommand.class,
            ClusterStatusCommand.class,
            ClusterRebalanceCommand.class,
            ClusterStopCommand.class
        })
public final class ClusterCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(
                command.commandLine(), "cluster: nothing (expected: start, status, rebalance or stop)");
    }
}
