package org.expertgrid.cli.commands;

import java.util.Map;
import java.util.concurrent.Callable;
import org.expertgrid.cli.local.RunningCluster;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.Connection;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code undeploy}. */
@Command(
        name = "undeploy",
        description = {"Remove a model and its weights from a running cluster", ""})
public final class UndeployCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The model's name.")
    private String name;

    @Mixin
    private RunningCluster running;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        try (Connection connection = running.connect()) {
            connection.undeploy(name);
        }
        output.say("model %s removed", name);
        output.result(Map.of("undeployed", name));
        return ExitCode.OK;
    }
}
