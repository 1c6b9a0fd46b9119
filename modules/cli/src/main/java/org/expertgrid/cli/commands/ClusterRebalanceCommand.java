package org.expertgrid.cli.commands;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.expertgrid.cli.local.RunningCluster;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Progress;
import org.expertgrid.cluster.Connection;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code cluster rebalance}. */
@Command(
        name = "rebalance",
        description = {
            "Spread a model's ranks evenly over the members of the cluster",
            "",
            "It answers meanwhile. Members do this by themselves half a minute after others have joined or left.",
            "",
        })
final class ClusterRebalanceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The model's name.")
    private String name;

    @Mixin
    private RunningCluster running;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        boolean moved;
        try (Connection connection = running.connect();
                Progress progress = output.progress("Moving")) {
            moved = connection.rebalance(name, progress);
        }
        output.say(moved ? "model %s: its ranks are even again" : "model %s: its ranks are even", name);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("moved", moved);
        output.result(json);
        return ExitCode.OK;
    }
}
