package org.expertgrid.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.expertgrid.cluster.LocalCluster;
import org.expertgrid.cluster.MemberProcess;
import org.expertgrid.experts.ExpertgridException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** Ends what {@link ClusterStartCommand} started. */
@Command(
        name = "stop",
        description = {
            "End exactly the member JVMs that 'cluster start' left running",
            "",
            "What only they held, models for one, is lost. Exit code 2 if there are none.",
            "",
        })
final class ClusterStopCommand implements Callable<Integer> {
    @Mixin
    private FolderOption folder;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        ClusterFolder written = folder.folder();
        LocalCluster cluster = written.cluster()
                .orElseThrow(() -> new ExpertgridException("no cluster is running, says " + written.path()
                        + " (expected: one that 'cluster start' left)"));
        List<MemberProcess> running =
                cluster.members().stream().filter(MemberProcess::isAlive).toList();
        cluster.close();
        written.forget();
        output.say(
                "cluster %s ended, %d of its %d members were running",
                cluster.name(), running.size(), cluster.members().size());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", cluster.name());
        json.put("ended", running.stream().map(MemberProcess::pid).toList());
        output.result(json);
        return ExitCode.OK;
    }
}
