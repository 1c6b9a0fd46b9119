package org.expertgrid.benchmarks.kernels;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.expertgrid.benchmarks.peers.KernelsPeer;
import org.expertgrid.benchmarks.peers.NumPy;
import org.expertgrid.benchmarks.peers.NumPyPeer;
import org.expertgrid.benchmarks.report.Goals;
import org.expertgrid.benchmarks.report.Rounds;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Table;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.choice.KernelsChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The command {@code bench kernels}: one matrix product, beside NumPy's OpenBLAS and beside the limits of the machine; or, with
 * {@code --weights}, beside the same product with weights that are stored in other formats.
 */
@Command(name = "kernels", description = "One matrix product on one thread, weights packed before, beside NumPy's.")
public final class BenchKernelsCommand implements Callable<Integer> {
    private static final ProductShape SHAPE_OF_THE_GOAL = new ProductShape(200, 1000, 1000);

    @Mixin
    private Output output;

    @Option(
            names = "--element",
            paramLabel = "TYPE",
            split = ",",
            defaultValue = "float64,float32",
            description = "Types of the elements, one or more (${DEFAULT-VALUE}).")
    private List<ElementType> elements;

    @Option(
            names = "--shape",
            paramLabel = "MxKxN",
            split = ",",
            description = "Rows, inputs and outputs of a product, one or more (those of the layer and others).")
    private List<String> shapes;

    @Option(
            names = "--kernels",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "plain",
            description = "Kernels of Expertgrid that are measured beside the best (${DEFAULT-VALUE}).")
    private List<String> kernels;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "1.5",
            description =
                    "How long each shape is measured (${DEFAULT-VALUE}); a third of it before, to warm up, for each type with --weights.")
    private double seconds;

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            split = ",",
            converter = WeightFormatConverter.class,
            description =
                    "What weights are stored as, one or more: float32, bf16, f16, fp8, mxfp4, int8, int4, w8a8, w4a8."
                            + " Only the products of the best kernels with them are measured, in turn, beside float32.")
    private List<WeightFormat> weights;

    @Option(names = "--check", description = "Exit code 1 if a goal is missed.")
    private boolean check;

    @Override
    public Integer call() {
        checkOptions();
        return weights == null ? beside() : stored();
    }

    /** Measures the best kernels beside others and NumPy. */
    private int beside() {
        List<ProductShape> chosen = shapes(ProductShape.ALL);
        Machine machine = Machine.measure();
        boolean numPy = NumPy.python().isPresent();
        output.say("ours    %s", KernelsChoice.best().description());
        output.say("numpy   %s", numPy ? new NumPyPeer().description() : "not available: no python3 can import it");
        output.say("");
        List<ProductRun> runs = new ArrayList<>();
        ProductBench bench = new ProductBench(ownKernels(), numPy, plan());
        for (ElementType element : elements) {
            chosen.forEach(shape -> bench.measure(shape, element, run -> {
                say(run);
                runs.add(run);
            }));
        }
        for (ProductRun run : runs) {
            machine = machine.withAtLeast(run.element(), run.gigaflops());
        }
        say(machine, runs);
        Goals goals = goals(runs);
        goals.say(output);
        return finish(json(machine, runs), goals);
    }

    /** Measures weights of several formats beside float32. */
    private int stored() {
        Kernels best = KernelsChoice.best();
        output.say("%s, one thread, weights that no cache holds", best.description());
        Table table =
                new Table("weights", "product", "median ms", "min ms", "GFLOP/s", "GB/s", "speed of float32", "error");
        List<StoredProductRun> runs = new ArrayList<>();
        for (ProductShape shape : shapes(StoredProductBench.SHAPES)) {
            new StoredProductBench(best, plan()).measure(shape, weights, run -> {
                runs.add(run);
                table.add(
                        Output.text(run.weights()),
                        run.shape(),
                        run.times().medianMillis(),
                        run.times().minimumMillis(),
                        run.gigaflops(),
                        run.gigabytesPerSecond(),
                        run.speedOfFloat32(),
                        run.error());
            });
        }
        table.lines().forEach(line -> output.say("%s", line));
        Goals goals = new Goals();
        for (StoredProductRun run : runs) {
            String what = Output.text(run.weights()) + ", " + run.shape() + ": speed of float32";
            goal(run).ifPresent(least -> goals.atLeast(what, run.speedOfFloat32(), least));
        }
        goals.say(output);
        Map<String, Object> json = header();
        json.put("runs", runs.stream().map(StoredProductRun::json).toList());
        return finish(json, goals);
    }

    /** Returns the least speed, relative to float32, that a product should have, if there is a goal for it. */
    private static OptionalDouble goal(StoredProductRun run) {
        boolean oneRow = run.shape().rows() == 1;
        return switch (run.weights()) {
            case FLOAT64, FLOAT32 -> OptionalDouble.empty();
            case FP8_E4M3 -> oneRow ? OptionalDouble.empty() : OptionalDouble.of(0.85);
            case BF16, F16 -> OptionalDouble.of(oneRow ? 1.6 : 0.85);
            case INT8, W8A8 -> OptionalDouble.of(oneRow ? 2.5 : 0.85);
            case INT4, W4A8, MXFP4 -> OptionalDouble.of(oneRow ? 3.5 : 0.85);
        };
    }

    /** Throws the problems of all options before any measurement. */
    private void checkOptions() {
        Problems problems = new Problems().expect(seconds > 0, "--seconds", seconds, "more than 0");
        if (shapes != null) {
            problems.expect(
                    shapes.stream().allMatch(shape -> shape.matches("[1-9]\\d{0,6}(x[1-9]\\d{0,6}){2}")),
                    "--shape",
                    shapes,
                    "rows, inputs and outputs, like 200x1000x1000");
        }
        othersOfOurs()
                .forEach(name -> new KernelsPeer(name)
                        .absence()
                        .ifPresent(reason -> problems.expect(false, "--kernels", name, reason)));
        problems.throwIfAny();
    }

    private List<ProductShape> shapes(List<ProductShape> otherwise) {
        return shapes == null
                ? otherwise
                : shapes.stream().map(ProductShape::parse).toList();
    }

    private List<Kernels> ownKernels() {
        return Stream.concat(Stream.of(KernelsChoice.best()), othersOfOurs().map(KernelsChoice::named))
                .toList();
    }

    /** Returns the names of the kernels that are measured beside the best. */
    private Stream<String> othersOfOurs() {
        return kernels.stream().filter(name -> !name.equals(KernelsChoice.best().name()) && !name.isBlank());
    }

    private Rounds.Plan plan() {
        Duration measuring = Duration.ofNanos((long) (seconds * 1e9));
        return new Rounds.Plan(1, measuring.dividedBy(3), measuring, Duration.ofMillis(1), Duration.ZERO);
    }

    private void say(ProductRun run) {
        output.say(
                "  %s %-14s %-8s %8s ms; %5s of ours",
                Output.text(run.element()),
                run.shape(),
                run.runner(),
                Table.number(run.times().medianMillis()),
                Table.number(run.ratioToOurs()));
    }

    private void say(Machine machine, List<ProductRun> runs) {
        output.say("");
        output.say(
                "peak, the highest rate of these runs and of a product that fits the nearest caches: %.1f GFLOP/s in float64, %.1f in float32; reading memory: %.1f GB/s",
                machine.gigaflops64(), machine.gigaflops32(), machine.gigabytesPerSecond());
        output.say("");
        Table table = new Table(
                "element",
                "product",
                "runner",
                "median ms",
                "min ms",
                "GFLOP/s",
                "of peak",
                "GB/s",
                "of memory",
                "/ ours");
        for (ProductRun run : runs) {
            boolean oneRow = run.shape().rows() == 1;
            table.add(
                    Output.text(run.element()),
                    run.shape(),
                    run.runner(),
                    run.times().medianMillis(),
                    run.times().minimumMillis(),
                    run.gigaflops(),
                    run.gigaflops() / machine.gigaflops(run.element()),
                    oneRow ? run.gigabytesPerSecond() : Double.NaN,
                    oneRow ? run.gigabytesPerSecond() / machine.gigabytesPerSecond() : Double.NaN,
                    run.ratioToOurs());
        }
        table.lines().forEach(line -> output.say("%s", line));
    }

    private static Goals goals(List<ProductRun> runs) {
        Goals goals = new Goals();
        runs.stream()
                .filter(run -> run.runner().equals("numpy") && run.shape().equals(SHAPE_OF_THE_GOAL))
                .forEach(run -> goals.atMost(
                        Output.text(run.element()) + ", " + run.shape() + ": ours / numpy",
                        1 / run.ratioToOurs(),
                        run.element() == ElementType.FLOAT64 ? 1.05 : 1.0));
        return goals;
    }

    private static Map<String, Object> json(Machine machine, List<ProductRun> runs) {
        Map<String, Object> json = header();
        json.put("peak_gflops_float64", machine.gigaflops64());
        json.put("peak_gflops_float32", machine.gigaflops32());
        json.put("memory_gigabytes_per_second", machine.gigabytesPerSecond());
        json.put("runs", runs.stream().map(run -> run.json(machine)).toList());
        return json;
    }

    private static Map<String, Object> header() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "kernels");
        json.put("java", Runtime.version().toString());
        json.put("kernels", KernelsChoice.best().name());
        return json;
    }

    /** Writes the JSON object with the goals and returns the exit code. */
    private int finish(Map<String, Object> json, Goals goals) {
        json.put("goals", goals.json());
        json.put("missed", goals.missed());
        output.result(json);
        return check && goals.missed() > 0 ? ExitCode.SOFTWARE : ExitCode.OK;
    }
}
