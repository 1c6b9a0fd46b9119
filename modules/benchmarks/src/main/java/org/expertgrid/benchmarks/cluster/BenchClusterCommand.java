package org.expertgrid.benchmarks.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.expertgrid.benchmarks.cluster.ClusterRun.Load;
import org.expertgrid.benchmarks.layer.ModelOptions;
import org.expertgrid.benchmarks.report.Goals;
import org.expertgrid.benchmarks.report.Rounds;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Table;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.choice.KernelsChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code bench cluster}: the layer on clusters, beside the layer in one JVM and an echo of the bytes. */
@Command(
        name = "cluster",
        description = "The layer on a cluster of JVMs, beside its floor: the layer in one JVM, and the bytes alone.")
public final class BenchClusterCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions model;

    @Mixin
    private Output output;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            defaultValue = "10",
            description = "Parts of every weight (${DEFAULT-VALUE}).")
    private int ranks;

    @Option(
            names = "--members",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,2,3",
            description = "Data members, one or more numbers (${DEFAULT-VALUE}).")
    private List<Integer> members;

    @Option(
            names = "--caller",
            paramLabel = "WHERE",
            split = ",",
            defaultValue = "client,member,embedded",
            description = "Where calls come from: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private List<Caller> callers;

    @Option(
            names = "--callers",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,4,16",
            description = "Threads that call at once, one or more numbers (${DEFAULT-VALUE}).")
    private List<Integer> callersAtOnce;

    @Option(
            names = "--exchange",
            paramLabel = "WAY",
            split = ",",
            defaultValue = "reduce,concat",
            description = "How experts are cut: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private List<Exchange> exchanges;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "1g",
            description = "Heap of each member JVM (${DEFAULT-VALUE}).")
    private String heap;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "1.5",
            description = "How long each load is measured (${DEFAULT-VALUE}); a quarter of it before, to warm up.")
    private double seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "3.5",
            description = "How long each cluster is called before anything is measured there, and again before calls of"
                    + " one row are (${DEFAULT-VALUE}).")
    private double warmUp;

    @Option(names = "--full", description = "Every combination, not only those with a goal.")
    private boolean full;

    @Option(names = "--check", description = "Exit code 1 if a goal is missed.")
    private boolean check;

    @Override
    public Integer call() {
        Problems problems = model.problems()
                .expect(members.stream().allMatch(n -> n >= 1), "--members", members, "at least 1 each")
                .expect(callersAtOnce.stream().allMatch(n -> n >= 1), "--callers", callersAtOnce, "at least 1 each")
                .expect(warmUp >= 0, "--warm-up", warmUp, "at least 0")
                .expect(seconds > 0, "--seconds", seconds, "more than 0");
        LocalCluster.Options.expectHeap(problems, "--heap", heap);
        model.checkRanks(problems, ranks, exchanges).throwIfAny();
        Suite suite = new Suite(callers, members, model.elements, exchanges, model.batches, callersAtOnce, full);
        List<ClusterRun> runs = measure(suite.loads());
        output.say("");
        table(runs).lines().forEach(line -> output.say("%s", line));
        Goals goals = ClusterGoals.of(runs);
        goals.say(output);
        output.result(json(runs, goals));
        return check && goals.missed() > 0 ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private List<ClusterRun> measure(List<Load> loads) {
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService executor = Executors.newFixedThreadPool(processors);
        List<ClusterRun> runs = new ArrayList<>();
        try {
            ThreadTeam team = ThreadTeam.of(executor, processors);
            Map<ElementType, Example> examples = new LinkedHashMap<>();
            Map<Example, Layer> alone = new LinkedHashMap<>();
            grouped(loads, load -> List.of(load.caller(), load.members())).forEach((where, onCluster) -> {
                Load first = onCluster.get(0);
                output.say("");
                output.say("%s of %d members", Output.text(first.caller()), first.members());
                try (BenchCluster cluster = BenchCluster.start(first.caller(), first.members(), heap)) {
                    grouped(onCluster, Load::element).forEach((element, ofElement) -> {
                        Example example = examples.computeIfAbsent(element, this::draw);
                        Layer batched = alone.computeIfAbsent(
                                example, e -> new BatchedMoe(e.weights(), e.topK(), KernelsChoice.best(), team));
                        measure(cluster, example, batched, ofElement, runs);
                    });
                }
            });
        } finally {
            executor.shutdown();
        }
        return runs;
    }

    private void measure(BenchCluster cluster, Example example, Layer alone, List<Load> loads, List<ClusterRun> runs) {
        Duration measuring = duration(seconds);
        Rounds.Plan plan = new Rounds.Plan(1, measuring.dividedBy(4), measuring, Duration.ofMillis(1), Duration.ZERO);
        try (ClusterBench bench =
                new ClusterBench(cluster, example, alone, ranks, ClusterBench.exchanges(loads), plan)) {
            bench.warmUp(loads.stream().map(Load::batch).distinct().toList(), duration(warmUp));
            grouped(loads, load -> List.of(load.batch(), load.callers()))
                    .values()
                    .forEach(together -> {
                        if (together.get(0).batch() == 1) {
                            // A JVM compiles code after a number of calls, and the calls before this were few and long.
                            bench.warmUp(List.of(1), duration(warmUp));
                        }
                        bench.measure(together, run -> {
                            say(run);
                            runs.add(run);
                        });
                    });
        }
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private Example draw(ElementType element) {
        int largest = Collections.max(model.batches);
        return Example.draw(model.parameters(element, Math.max(largest, 16 * Suite.SMALL_BATCH)));
    }

    private void say(ClusterRun run) {
        Load load = run.load();
        output.say(
                "  %-7s %-7s %2d x %4d rows%s: %8s ms, p99 %8s; alone %8s, echo %8s: %5s of the floor",
                Output.text(load.exchange()),
                Output.text(load.element()),
                load.callers(),
                load.batch(),
                load.batching() ? ", batching" : "",
                Table.number(run.medianMillis()),
                Table.number(run.tailMillis()),
                Table.number(run.aloneMillis()),
                Table.number(run.echoMillis()),
                Table.number(run.ratioToFloor()));
    }

    private static <K> Map<K, List<Load>> grouped(List<Load> loads, Function<Load, K> key) {
        return loads.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    private static Table table(List<ClusterRun> runs) {
        Table table = new Table(
                "caller",
                "members",
                "exchange",
                "element",
                "callers",
                "batch",
                "median ms",
                "p99 ms",
                "alone ms",
                "echo ms",
                "/ alone",
                "/ floor",
                "bytes / least",
                "heap / byte",
                "heap / byte of others",
                "rows/s");
        for (ClusterRun run : runs) {
            Load load = run.load();
            table.add(
                    Output.text(load.caller()),
                    load.members(),
                    Output.text(load.exchange()),
                    Output.text(load.element()),
                    load.callers() + (load.batching() ? ", batching" : ""),
                    load.batch(),
                    run.medianMillis(),
                    run.tailMillis(),
                    run.aloneMillis(),
                    run.echoMillis(),
                    run.ratio(),
                    run.ratioToFloor(),
                    run.bytesRatio(),
                    run.allocatedHere(),
                    run.allocatedByOthers(),
                    run.rowsPerSecond());
        }
        return table;
    }

    private Map<String, Object> json(List<ClusterRun> runs, Goals goals) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "cluster");
        json.put("java", Runtime.version().toString());
        json.put("kernels", KernelsChoice.best().name());
        json.put("cores", Runtime.getRuntime().availableProcessors());
        json.put("runs", runs.stream().map(ClusterRun::json).toList());
        json.put("goals", goals.json());
        json.put("missed", goals.missed());
        return json;
    }
}
