package org.expertgrid.cli.commands;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.expertgrid.cli.local.ClusterFolder;
import org.expertgrid.cli.local.RunningCluster;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.StatusReport;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.local.MemberProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** The command {@code cluster status}. */
@Command(
        name = "status",
        description = {
            "Members, ranks, models and memory of a running cluster",
            "",
            "That none is running is an answer too, with exit code 0: only what cannot be done without a cluster ends with 2.",
            "",
        })
final class ClusterStatusCommand implements Callable<Integer> {
    @Mixin
    private RunningCluster running;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        Map<String, Object> json = new LinkedHashMap<>();
        if (running.folder().isPresent()) {
            ClusterFolder folder = running.folder().get();
            LocalCluster local = folder.runningCluster().orElse(null);
            json.put("running", local != null);
            json.put("folder", folder.path().toString());
            if (local == null) {
                output.say("no cluster is running (%s lists none)", folder.state());
                output.result(json);
                return ExitCode.OK;
            }
            json.put("name", local.name());
            json.put("processes", sayProcesses(local, folder));
        }
        try (Connection connection = running.connect()) {
            StatusReport report = new StatusReport(connection.status());
            report.lines().forEach(line -> output.say("%s", line));
            json.putAll(report.json());
        }
        output.result(json);
        return ExitCode.OK;
    }

    private List<Map<String, Object>> sayProcesses(LocalCluster local, ClusterFolder folder) {
        output.say("cluster %s, written down in %s", local.name(), folder.path());
        for (MemberProcess member : local.members()) {
            output.say(
                    "127.0.0.1:%-6d process %-8d %-8s %s",
                    member.port(), member.pid(), member.isAlive() ? "running" : "ended", member.log());
        }
        output.say("");
        return local.members().stream()
                .map(member -> {
                    Map<String, Object> process = ClusterFolder.json(member);
                    process.put("running", member.isAlive());
                    return process;
                })
                .toList();
    }
}
