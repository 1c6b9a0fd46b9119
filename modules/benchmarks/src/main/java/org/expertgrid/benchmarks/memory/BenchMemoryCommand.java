package org.expertgrid.benchmarks.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.expertgrid.benchmarks.report.Goals;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.WeightFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code bench memory}: what a byte of weights costs in the heaps of a cluster with one backup. */
@Command(name = "memory", description = "The heap that a cluster with one backup needs for a byte of weights.")
public final class BenchMemoryCommand implements Callable<Integer> {
    private static final double GOAL = 2.1;
    private static final double LIMIT = 2.3;

    @Mixin
    private Output output;

    @Option(
            names = "--element",
            paramLabel = "TYPE",
            split = ",",
            defaultValue = "float32,float64,bf16,int4",
            description = "What weights are stored as, one or more (${DEFAULT-VALUE}).")
    private List<WeightFormat> formats;

    @Option(names = "--members", paramLabel = "N", defaultValue = "3", description = "Member JVMs (${DEFAULT-VALUE}).")
    private int members;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "1g",
            description = "Heap of each member JVM (${DEFAULT-VALUE}).")
    private String heap;

    @Option(
            names = "--megabytes",
            paramLabel = "MB",
            defaultValue = "300",
            description = "Size of each model, about (${DEFAULT-VALUE}).")
    private int megabytes;

    @Option(names = "--check", description = "Exit code 1 if a goal is missed.")
    private boolean check;

    @Override
    public Integer call() {
        Problems problems = new Problems()
                .expect(members >= 2, "--members", members, "at least 2, so that there are backups")
                .expect(megabytes >= 1, "--megabytes", megabytes, "at least 1");
        LocalCluster.Options.expectHeap(problems, "--heap", heap).throwIfAny();
        List<MemoryRun> runs = new MemoryBench(members, heap, megabytes)
                .measure(
                        formats,
                        run -> output.say(
                                "%-8s %6d MB of weights, %6d MB of heap, ratio %.2f",
                                Output.text(run.format()),
                                run.weightsBytes() >> 20,
                                run.heapBytes() >> 20,
                                run.ratio()));
        Goals goals = new Goals();
        for (MemoryRun run : runs) {
            String what = Output.text(run.format()) + ": heap / weights";
            goals.aim(what, run.ratio(), GOAL);
            goals.atMost(what, run.ratio(), LIMIT);
        }
        goals.say(output);
        output.result(json(runs, goals));
        return check && goals.missed() > 0 ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private Map<String, Object> json(List<MemoryRun> runs, Goals goals) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "memory");
        json.put("java", Runtime.version().toString());
        json.put("members", members);
        json.put("heap", heap);
        json.put("runs", runs.stream().map(MemoryRun::json).toList());
        json.put("goals", goals.json());
        json.put("missed", goals.missed());
        return json;
    }
}
