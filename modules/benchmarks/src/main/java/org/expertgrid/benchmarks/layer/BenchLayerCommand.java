package org.expertgrid.benchmarks.layer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.expertgrid.benchmarks.peers.KernelsPeer;
import org.expertgrid.benchmarks.peers.Peer;
import org.expertgrid.benchmarks.peers.Peers;
import org.expertgrid.benchmarks.report.BarChart;
import org.expertgrid.benchmarks.report.Goals;
import org.expertgrid.benchmarks.report.Rounds;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Table;
import org.expertgrid.cli.seed.Example;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.choice.KernelsChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code bench layer}: the layer in one JVM, beside the libraries that a Java user could choose instead. */
@Command(name = "layer", description = "The whole layer in one JVM, beside NumPy, PyTorch and ONNX Runtime.")
public final class BenchLayerCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions model;

    @Mixin
    private Output output;

    @Option(
            names = "--against",
            paramLabel = "PEER",
            split = ",",
            description = "numpy, djl, onnxruntime, ojalgo, one or more (numpy, and what this build has).")
    private List<String> against;

    @Option(
            names = "--kernels",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "plain",
            description = "Kernels of Expertgrid that are measured beside the best (${DEFAULT-VALUE}).")
    private List<String> kernels;

    @Option(
            names = "--threads",
            paramLabel = "N",
            split = ",",
            description = "Threads, one or more numbers (1 and all).")
    private List<Integer> threads;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "2.5",
            description = "How long each load is measured (${DEFAULT-VALUE}); a third of it before, to warm up.")
    private double seconds;

    @Option(
            names = "--pause",
            paramLabel = "S",
            defaultValue = "0.15",
            description = "Pause before each turn beside a peer with threads of its own (${DEFAULT-VALUE}): OpenBLAS's"
                    + " threads use a core for up to 0.14 s after a call. A third of it follows without measuring.")
    private double pause;

    @Option(names = "--chart", paramLabel = "FILE", description = "Draw the ratios to a .svg or .png file.")
    private Path chart;

    @Option(names = "--check", description = "Exit code 1 if a goal is missed.")
    private boolean check;

    @Override
    public Integer call() {
        int processors = Runtime.getRuntime().availableProcessors();
        if (threads == null) {
            threads = processors == 1 ? List.of(1) : List.of(1, processors);
        }
        Problems problems = model.problems()
                .expect(threads.stream().allMatch(n -> n >= 1), "--threads", threads, "at least 1 each")
                .expect(seconds > 0, "--seconds", seconds, "more than 0")
                .expect(pause >= 0, "--pause", pause, "at least 0");
        BarChart.expectFile(problems, "--chart", chart).throwIfAny();
        LayerBench bench = bench();
        List<LayerRun> runs = measure(bench);
        output.say("");
        table(runs).lines().forEach(line -> output.say("%s", line));
        int most = Collections.max(threads);
        Goals goals = LayerGoals.of(runs, bench.ours().name(), most);
        goals.say(output);
        if (chart != null) {
            draw(runs, most);
        }
        output.result(json(bench, runs, goals));
        return check && goals.missed() > 0 ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private LayerBench bench() {
        KernelsPeer ours = KernelsPeer.best();
        Stream<Peer> ownOthers = kernels.stream()
                .filter(name -> !name.equals(ours.name()) && !name.isBlank())
                .map(KernelsPeer::new);
        List<Peer> peers = against == null ? Peers.present() : Peers.named(against);
        List<Peer> others = Stream.concat(ownOthers, peers.stream()).toList();
        output.say("ours         %s", ours.description());
        others.forEach(peer -> output.say("%-12s %s", peer.name(), peer.description()));
        Duration measuring = duration(seconds);
        boolean spinning = others.stream().anyMatch(peer -> !(peer instanceof KernelsPeer));
        Duration pausing = spinning ? duration(pause) : Duration.ZERO;
        Rounds.Plan plan = new Rounds.Plan(1, measuring.dividedBy(3), measuring, pausing, pausing.dividedBy(3));
        return new LayerBench(ours, others, plan);
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private List<LayerRun> measure(LayerBench bench) {
        List<LayerRun> runs = new ArrayList<>();
        for (ElementType element : model.elements) {
            Example example = Example.draw(model.parameters(element, Collections.max(model.batches)));
            for (int count : threads) {
                output.say("");
                output.say("%s, threads: %d", Output.text(element), count);
                bench.measure(example, model.batches, count, run -> {
                    output.say(
                            "  %4d rows  %-12s %8s ms, at best %8s; %5s of ours",
                            run.batch(),
                            run.runner(),
                            Table.number(run.times().medianMillis()),
                            Table.number(run.times().minimumMillis()),
                            Table.number(run.ratioToOurs()));
                    runs.add(run);
                });
            }
        }
        return runs;
    }

    private static Table table(List<LayerRun> runs) {
        Table table = new Table("element", "threads", "batch", "runner", "median ms", "min ms", "GFLOP/s", "/ ours");
        for (LayerRun run : runs) {
            table.add(
                    Output.text(run.element()),
                    run.threads(),
                    run.batch(),
                    run.runner(),
                    run.times().medianMillis(),
                    run.times().minimumMillis(),
                    run.gigaflops(),
                    run.ratioToOurs());
        }
        return table;
    }

    /** Draws the time of each runner relative to ours, a group of bars for each load. */
    private void draw(List<LayerRun> runs, int team) {
        BarChart bars = new BarChart("The layer on " + team + " threads: time in terms of ours", "time / ours");
        runs.stream()
                .filter(run -> run.threads() == team)
                .forEach(run ->
                        bars.add(run.runner(), Output.text(run.element()) + " " + run.batch(), run.ratioToOurs()));
        bars.write(chart);
    }

    private Map<String, Object> json(LayerBench bench, List<LayerRun> runs, Goals goals) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "layer");
        json.put("java", Runtime.version().toString());
        json.put("kernels", KernelsChoice.best().name());
        json.put("cores", Runtime.getRuntime().availableProcessors());
        Map<String, String> runners = new LinkedHashMap<>();
        Stream.concat(Stream.of(bench.ours()), bench.others().stream())
                .forEach(peer -> runners.put(peer.name(), peer.description()));
        json.put("runners", runners);
        json.put("runs", runs.stream().map(LayerRun::json).toList());
        json.put("goals", goals.json());
        json.put("missed", goals.missed());
        return json;
    }
}
