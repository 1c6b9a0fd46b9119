package org.expertgrid.cli.commands;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.expertgrid.cli.local.AtExit;
import org.expertgrid.cli.local.ClusterFolder;
import org.expertgrid.cli.local.FolderOption;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.local.MemberProcess;
import org.expertgrid.experts.errors.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code cluster start}. */
@Command(
        name = "start",
        description = {
            "Start member JVMs on loopback ports, and leave them running",
            "",
            "With --add, members join the running cluster and receive their share of the weights by themselves.",
            "",
        })
final class ClusterStartCommand implements Callable<Integer> {
    private static final int PORTS_END = 65_536;

    @Parameters(
            arity = "0..1",
            paramLabel = "N",
            defaultValue = "3",
            description = "Number of members (${DEFAULT-VALUE}).")
    private int members;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "512m",
            description = "Heap of each member JVM (${DEFAULT-VALUE}).")
    private String heap;

    @Option(
            names = "--port",
            paramLabel = "BASE",
            defaultValue = "0",
            description =
                    "Port of the first member, the next ports for the others; 0 for any free ports (${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--add", description = "Add them to the running cluster.")
    private boolean add;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description = "Keep models in this directory, and serve the models that are in it (none).")
    private Path store;

    @Option(
            names = "--backups",
            paramLabel = "N",
            description = "Copies of every shard beside the first: so many members may be lost at once (1).")
    private Integer backups;

    @Mixin
    private FolderOption folder;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        LocalCluster.Options.expectBackups(
                        LocalCluster.Options.expectHeap(new Problems(), "--heap", heap), "--backups", backupsOrOne())
                .expect(members >= 1, "N", members, "at least 1")
                .expect(port >= 0 && port < PORTS_END, "--port", port, "0 to " + (PORTS_END - 1))
                .expect(
                        !add || store == null,
                        "--store",
                        store,
                        "not with --add: the running cluster has its own store, or none")
                .expect(
                        !add || backups == null,
                        "--backups",
                        backups,
                        "not with --add: the running cluster has its own number of backups")
                .throwIfAny();
        LocalCluster cluster = start();
        List<MemberProcess> running =
                cluster.members().stream().filter(MemberProcess::isAlive).toList();
        output.say("cluster %s runs, %d members:", cluster.name(), running.size());
        running.forEach(
                member -> output.say("127.0.0.1:%-6d process %-8d %s", member.port(), member.pid(), member.log()));
        Path kept = folder.folder().store();
        output.say(kept == null ? "'cluster stop' ends it." : "'cluster stop' ends it; its models stay in %s.", kept);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", cluster.name());
        json.put("folder", folder.folder().path().toString());
        json.put("store", kept == null ? null : kept.toString());
        json.put("members", running.stream().map(ClusterFolder::json).toList());
        output.result(json);
        return ExitCode.OK;
    }

    private int backupsOrOne() {
        return backups == null ? 1 : backups;
    }

    /** Starts members, which end with this JVM until the file lists them: no command would find them otherwise. */
    private LocalCluster start() {
        AtExit atExit = AtExit.run(AtExit::endChildren);
        try {
            return add
                    ? folder.folder().add(members, heap, port)
                    : folder.folder().start(members, heap, port, store, backupsOrOne());
        } finally {
            atExit.callOff();
        }
    }
}
