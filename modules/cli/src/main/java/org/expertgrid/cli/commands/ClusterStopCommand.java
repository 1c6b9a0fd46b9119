package org.expertgrid.cli.commands;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.expertgrid.cli.local.ClusterFolder;
import org.expertgrid.cli.local.FolderOption;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.local.MemberProcess;
import org.expertgrid.cluster.status.ClusterStatus;
import org.expertgrid.experts.errors.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends what {@link ClusterStartCommand} started. */
@Command(
        name = "stop",
        description = {
            "End exactly the member JVMs that 'cluster start' left running",
            "",
            "Models without a store are lost. With --member, only that member ends. It first hands its shards over to the"
                    + " others, and answers meanwhile. Exit code 2 if no cluster is running.",
            "",
        })
final class ClusterStopCommand implements Callable<Integer> {
    @Option(
            names = "--member",
            paramLabel = "K",
            description = "Only the K-th member leaves, as 'cluster status' lists them, from 1 up.")
    private Integer member;

    @Mixin
    private FolderOption folder;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        ClusterFolder written = folder.folder();
        Map<String, Object> json = written.change(
                () -> output.say("waiting for another command that is starting or ending members (%s)", written.path()),
                cluster -> stop(cluster, written));
        output.result(json);
        return ExitCode.OK;
    }

    private Map<String, Object> stop(LocalCluster cluster, ClusterFolder written) {
        List<MemberProcess> ended = member == null ? stopAll(cluster, written) : List.of(stopOne(cluster));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", cluster.name());
        json.put("ended", ended.stream().map(MemberProcess::pid).toList());
        return json;
    }

    private List<MemberProcess> stopAll(LocalCluster cluster, ClusterFolder written) {
        List<MemberProcess> running =
                cluster.members().stream().filter(MemberProcess::isAlive).toList();
        cluster.close();
        written.forget();
        output.say(
                "cluster %s ended, %d of its %d members were running",
                cluster.name(), running.size(), cluster.members().size());
        return running;
    }

    private MemberProcess stopOne(LocalCluster cluster) {
        List<MemberProcess> members = cluster.members();
        new Problems()
                .expect(member >= 1 && member <= members.size(), "--member", member, "1 to " + members.size())
                .throwIfAny();
        MemberProcess leaving = members.get(member - 1);
        long others = members.stream()
                .filter(MemberProcess::isAlive)
                .filter(other -> !other.equals(leaving))
                .count();
        new Problems()
                .expect(leaving.isAlive(), "--member", member, "one that runs: process " + leaving.pid() + " has ended")
                .expect(others > 0, "--member", member, "not the last one that runs; 'cluster stop' ends the cluster")
                .throwIfAny();
        checkRoomWithout(leaving, cluster);
        leaving.stop();
        output.say("member %d of cluster %s has left, %d are running", member, cluster.name(), others);
        return leaving;
    }

    private static void checkRoomWithout(MemberProcess leaving, LocalCluster cluster) {
        try (Connection connection = cluster.connection()) {
            ClusterStatus status = connection.status();
            status.members().stream()
                    .filter(member -> member.address().endsWith(":" + leaving.port()))
                    .forEach(member -> status.checkRoomWithout(member.id()));
        }
    }
}
