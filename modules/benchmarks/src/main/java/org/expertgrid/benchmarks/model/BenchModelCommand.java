package org.expertgrid.benchmarks.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.expertgrid.benchmarks.report.BarChart;
import org.expertgrid.benchmarks.report.Goals;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Table;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.Narrowing;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.choice.KernelsChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code bench model}: tokens a second of a whole model, beside llama.cpp and beside the memory's limit. */
@Command(
        name = "model",
        description = {
            "Tokens a second of a whole random model of OLMoE's shape, in this JVM, over members, beside llama.cpp.",
            "",
            "All read the same weights, with about as many bits each, on as many threads. The model is written into a"
                    + " temporary folder and removed at the end.",
            ""
        })
public final class BenchModelCommand implements Callable<Integer> {
    private static final String LLAMA = "llama.cpp";
    private static final double LARGEST_DIFFERENCE = 1e-3;
    private static final double DECODE_GOAL = 1.0;
    private static final double PREFILL_GOAL = 0.6;
    private static final double LIMIT_GOAL = 0.7;
    /** The share of the heap that a model may take: the rest is for rows, caches and garbage. */
    private static final double HEAP_FOR_WEIGHTS = 0.7;

    private static final int MOST_LAYERS = 4;

    @Mixin
    private Output output;

    @Option(
            names = "--against",
            paramLabel = "PROGRAM",
            description = "The program to compare with: " + LLAMA + " (none: Expertgrid alone).")
    private String against;

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            split = ",",
            defaultValue = "bf16,int8,int4",
            description =
                    "What all matrices are kept as: float32, bf16, int8, int4, w8a8, w4a8, one or more (${DEFAULT-VALUE}).")
    private List<WeightFormat> weights;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Layers of the model (4, or as many as the heap has room for).")
    private Integer layers;

    @Option(
            names = "--members",
            paramLabel = "N",
            split = ",",
            description =
                    "Time the model also with its experts on N member JVMs of this machine, and this JVM their client;"
                            + " several numbers one after the other.")
    private List<Integer> members = List.of();

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "2g",
            description = "Heap of each member JVM (${DEFAULT-VALUE}).")
    private String heap;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            defaultValue = "6",
            description = "Parts of every weight on members (${DEFAULT-VALUE}).")
    private int ranks;

    @Option(
            names = "--groups",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Groups of sequences that go through the layers side by side where members compute experts, 1 or 2"
                            + " (${DEFAULT-VALUE}).")
    private int groups;

    @Option(names = "--hidden-dim", paramLabel = "N", defaultValue = "2048", hidden = true)
    private int hidden;

    @Option(names = "--heads", paramLabel = "N", defaultValue = "16", hidden = true)
    private int heads;

    @Option(names = "--expert-hidden-dim", paramLabel = "N", defaultValue = "1024", hidden = true)
    private int expertHidden;

    @Option(names = "--experts", paramLabel = "N", defaultValue = "64", hidden = true)
    private int experts;

    @Option(names = "--topk", paramLabel = "N", defaultValue = "8", hidden = true)
    private int topK;

    @Option(names = "--vocabulary", paramLabel = "N", defaultValue = "50304", hidden = true)
    private int vocabulary;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of each program (the processors).")
    private Integer threads;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "10",
            description =
                    "How long each program is timed at each kind of work (${DEFAULT-VALUE}); a third of it before, to"
                            + " warm up.")
    private double seconds;

    @Option(
            names = "--chart",
            paramLabel = "FILE",
            description = "Draw tokens a second of decoding to a .svg or .png file.")
    private Path chart;

    @Option(names = "--check", description = "Exit code 1 if a goal is missed.")
    private boolean check;

    @Override
    public Integer call() {
        int team = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        ModelShape shape = checkedShape(team);
        Optional<LlamaLibrary> library = library();
        output.say("ours       %s", KernelsChoice.best().description());
        double difference = Double.NaN;
        if (library.isPresent()) {
            output.say("llama.cpp  %s; %s", LlamaLibrary.BUILD, library.get().llama_print_system_info());
            difference = LogitsCheck.largestDifference(library.get());
            output.say("logits of a small model in float32: largest difference %.1e of scale", difference);
            if (!(difference <= LARGEST_DIFFERENCE)) {
                output.say("the programs do not compute the same (expected: at most %.0e)", LARGEST_DIFFERENCE);
                return ExitCode.SOFTWARE;
            }
        }
        output.say(
                "model      %d layers, %d wide, %d experts of %d, top %d, vocabulary %d; %d threads",
                shape.layers(), hidden, experts, expertHidden, topK, vocabulary, team);
        List<ModelRun> runs = measure(shape, library, team);
        say(runs);
        sayMembers(runs);
        Goals goals = goals(runs);
        goals.say(output);
        if (chart != null) {
            draw(runs);
        }
        output.result(json(shape, team, difference, runs, goals));
        return check && goals.missed() > 0 ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    /** Measures once, or once for each number of members. What runs without members is reported once. */
    private List<ModelRun> measure(ModelShape shape, Optional<LlamaLibrary> library, int team) {
        if (members.isEmpty()) {
            return measure(shape, library, Optional.empty(), team);
        }
        List<ModelRun> runs = new ArrayList<>();
        for (int count : members) {
            try (ExpertMembers started = ExpertMembers.start(count, heap)) {
                List<ModelRun> ofCount = measure(shape, library, Optional.of(started), team);
                runs.addAll(
                        runs.isEmpty()
                                ? ofCount
                                : ofCount.stream()
                                        .filter(run -> run.onMembers().isPresent())
                                        .toList());
            }
        }
        return runs;
    }

    private List<ModelRun> measure(
            ModelShape shape, Optional<LlamaLibrary> library, Optional<ExpertMembers> started, int team) {
        ModelBench bench = new ModelBench(shape, library, started, ranks, groups, team, seconds);
        return bench.measure(weights, stage -> output.say("... %s", stage), this::say);
    }

    /** Draws the rates of decoding: a group of bars for each runner, in it one for each format and number of sequences. */
    private void draw(List<ModelRun> runs) {
        BarChart bars = new BarChart("A model of OLMoE's shape: tokens a second", "tokens / s");
        runs.stream()
                .filter(run -> run.work() != ModelWork.PREFILL_512)
                .forEach(run -> bars.add(
                        Output.text(run.weights()) + ", " + run.work().label(), run.runner(), run.tokensPerSecond()));
        bars.write(chart);
    }

    /** Returns the shape; throws the problems of all options before anything is written. */
    private ModelShape checkedShape(int team) {
        Problems problems = new Problems()
                .expect(seconds > 0, "--seconds", seconds, "more than 0")
                .expect(team >= 1, "--threads", team, "at least 1")
                .expect(against == null || against.equals(LLAMA), "--against", against, LLAMA)
                .expect(members.stream().allMatch(n -> n >= 1), "--members", members, "at least 1 each")
                .expect(groups == 1 || groups == 2, "--groups", groups, "1 or 2")
                .expect(
                        ranks >= 1 && ranks <= expertHidden,
                        "--ranks",
                        ranks,
                        "1 to --expert-hidden-dim, " + expertHidden);
        LocalCluster.Options.expectHeap(problems, "--heap", heap);
        BarChart.expectFile(problems, "--chart", chart);
        for (WeightFormat format : weights) {
            problems.expect(
                    Narrowing.KEPT_AS.contains(format),
                    "--weights",
                    Output.text(format),
                    "float32, bf16, int8, int4, w8a8 or w4a8");
        }
        problems.throwIfAny();
        ModelShape one =
                new ModelShape(layers == null ? 1 : layers, hidden, heads, expertHidden, experts, topK, vocabulary);
        return layers == null ? one.withLayers(layersThatFit(one)) : one;
    }

    private int layersThatFit(ModelShape shape) {
        int bits = weights.stream().mapToInt(WeightFormat::bits).max().orElseThrow();
        double room = Runtime.getRuntime().maxMemory() * HEAP_FOR_WEIGHTS * Byte.SIZE / bits;
        double fronts = members.isEmpty() ? 1 : 2;
        double head = fronts * shape.vocabulary() * shape.hidden();
        return (int) Math.max(1, Math.min(MOST_LAYERS, (room - head) / shape.layerWeights()));
    }

    private Optional<LlamaLibrary> library() {
        if (against == null) {
            return Optional.empty();
        }
        Optional<LlamaLibrary> library = LlamaLibrary.load();
        new Problems()
                .expect(
                        library.isPresent(),
                        "--against",
                        against,
                        "a system for which the jar of de.kherud:llama has a native library, not "
                                + System.getProperty("os.name") + " on " + System.getProperty("os.arch"))
                .throwIfAny();
        return library;
    }

    private void say(ModelRun run) {
        output.say(
                "  %-8s %-12s %-11s %8s tokens/s, %s of the memory's limit",
                Output.text(run.weights()),
                run.work().label(),
                run.runner(),
                Table.number(run.tokensPerSecond()),
                Table.number(run.ofLimit()));
    }

    private void say(List<ModelRun> runs) {
        Table table =
                new Table("weights", "work", "runner", "tokens/s", "/ llama.cpp", "of limit", "step ms", "p90 ms");
        for (ModelRun run : runs) {
            table.add(
                    Output.text(run.weights()),
                    run.work().label(),
                    run.runner(),
                    run.tokensPerSecond(),
                    run.ratio(),
                    run.ofLimit(),
                    run.times().medianMillis(),
                    run.times().quantileMillis(0.9));
        }
        output.say("");
        table.lines().forEach(line -> output.say("%s", line));
    }

    /** Tells where the time of the steps goes whose experts are on members. */
    private void sayMembers(List<ModelRun> runs) {
        if (members.isEmpty()) {
            return;
        }
        Table table = new Table(
                "runner",
                "weights",
                "work",
                "/ one JVM",
                "step ms",
                "bound",
                "front",
                "at least",
                "waiting",
                "experts at least",
                "round trip",
                "routing",
                "sending",
                "combining");
        for (ModelRun run : runs) {
            run.onMembers()
                    .ifPresent(times -> table.add(
                            run.runner(),
                            Output.text(run.weights()),
                            run.work().label(),
                            times.ofOneJvm(),
                            times.step(),
                            times.bound(),
                            times.front(),
                            times.leastFront(),
                            times.waiting(),
                            times.leastExperts(),
                            times.roundTrip(),
                            times.routing(),
                            times.sending(),
                            times.combining()));
        }
        output.say("");
        output.say(
                "Over members, in milliseconds. Bound: the front's and the experts' weights read once, and a round trip for"
                        + " each layer.");
        table.lines().forEach(line -> output.say("%s", line));
    }

    private static Goals goals(List<ModelRun> runs) {
        Goals goals = new Goals();
        for (ModelRun run : runs) {
            if (!run.runner().equals(OwnRunner.ONE_JVM)) {
                continue;
            }
            String what = Output.text(run.weights()) + ", " + run.work().label() + ": ";
            boolean prefill = run.work() == ModelWork.PREFILL_512;
            goals.atLeast(what + "ours / llama.cpp", run.ratio(), prefill ? PREFILL_GOAL : DECODE_GOAL);
            if (run.work() == ModelWork.DECODE_1) {
                goals.atLeast(what + "of the memory's limit", run.ofLimit(), LIMIT_GOAL);
            }
        }
        return goals;
    }

    private Map<String, Object> json(ModelShape shape, int team, double difference, List<ModelRun> runs, Goals goals) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "model");
        json.put("java", Runtime.version().toString());
        json.put("kernels", KernelsChoice.best().name());
        json.put("threads", team);
        json.put(
                "members",
                members.size() > 1 ? members : members.stream().findFirst().orElse(null));
        json.put("layers", shape.layers());
        json.put("hidden_dim", hidden);
        json.put("experts", experts);
        json.put("topk", topK);
        json.put("memory_gigabytes_per_second", runs.get(0).bandwidth());
        json.put("logits_difference", Double.isNaN(difference) ? null : difference);
        json.put("runs", runs.stream().map(ModelRun::json).toList());
        json.put("goals", goals.json());
        json.put("missed", goals.missed());
        return json;
    }
}
