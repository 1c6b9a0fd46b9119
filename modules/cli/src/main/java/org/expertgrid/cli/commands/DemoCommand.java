package org.expertgrid.cli.commands;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.expertgrid.cli.local.TemporaryCluster;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cli.output.ExpectedWarnings;
import org.expertgrid.cli.output.Output;
import org.expertgrid.cli.output.Progress;
import org.expertgrid.cli.output.StatusReport;
import org.expertgrid.cli.seed.Comparison;
import org.expertgrid.cli.seed.MemberLoss;
import org.expertgrid.cli.seed.SeedExercise;
import org.expertgrid.cli.seed.SeedExercise.ClusterOutcome;
import org.expertgrid.cli.seed.SeedExercise.Outcome;
import org.expertgrid.cli.seed.Verdict;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code demo}: the seed's exercise and its assertions, on a temporary cluster. */
@Command(
        name = "demo",
        description = {
            "The seed's model on a local cluster of JVMs, against SimpleMoe and BatchedMoe",
            "",
            "SimpleMoe, one token at a time, is timed once; the others are the median of 5. Passes if the cluster is more"
                    + " than twice as fast as SimpleMoe and the sums of the results differ by 0.1 at the most.",
            "",
            "Then one member is killed while the model is called on: the answers must stay the same. At the end the language"
                    + " model that ships makes a text on the cluster while another member is killed, if there are two left: the"
                    + " text must stay the same.",
            "",
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int REPETITIONS = 5;

    @Mixin
    private ShapeOptions options;

    @Mixin
    private Output output;

    @Option(names = "--embedded", description = "All members in this JVM.")
    private boolean embedded;

    @Override
    public Integer call() {
        Problems problems = options.checked();
        if (embedded) {
            options.checkNoHeapInOneJvm(problems);
        }
        problems.throwIfAny();
        SeedExercise.Parameters parameters = options.parameters(REPETITIONS);
        output.say(
                "%d rows, %d -> %d -> %d, %d experts, top %d, %s; %d %s, %d ranks, %s",
                options.batch,
                parameters.featureDim(),
                parameters.hiddenDim(),
                parameters.outputDim(),
                parameters.numExperts(),
                parameters.topk(),
                Output.text(options.element),
                options.members,
                embedded ? "members in this JVM" : "member JVMs",
                options.ranks,
                Output.text(options.exchange));
        Kernels kernels = KernelsChoice.best();
        Comparison comparison;
        Optional<MemberLoss> loss;
        DemoText text;
        try (ExpectedWarnings warnings = new ExpectedWarnings();
                TemporaryCluster cluster = TemporaryCluster.start(options, embedded)) {
            output.say("");
            // The members start while SimpleMoe warms up. Its timed forward waits until they have started.
            Outcome simple = SeedExercise.testSimpleMoe(options.parameters(1), kernels, cluster::await);
            sayTime("SimpleMoe", simple, "one token at a time, once");
            Outcome batched = SeedExercise.testBatchedMoe(parameters, kernels);
            sayTime("BatchedMoe", batched, "one JVM, all cores, median of " + REPETITIONS);
            AtomicReference<MemberLoss> seen = new AtomicReference<>();
            ClusterOutcome distributed = distributed(cluster, (model, x) -> {
                if (canLoseMember()) {
                    warnings.begin();
                    seen.set(MemberLoss.during(model::forward, x, cluster::loseMember));
                }
            });
            loss = Optional.ofNullable(seen.get());
            sayTime("TensorParallelMoe", distributed.outcome(), "the cluster, median of " + REPETITIONS);
            comparison = new Comparison(simple, batched, distributed.outcome());
            say(comparison);
            output.say("");
            new StatusReport(distributed.status()).lines().forEach(line -> output.say("%s", line));
            output.say("");
            int left = options.members - (loss.isPresent() ? 1 : 0);
            text = DemoText.make(cluster, left > 1, output);
        }
        Verdict verdict = new Verdict(comparison, loss, options.members);
        output.say("");
        verdict.lines().forEach(line -> output.say("%s", line));
        text.verdict().ifPresent(line -> output.say("%s", line));
        boolean passed = verdict.passed() && text.unchanged();
        output.result(json(verdict, text, passed, kernels));
        return passed ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private ClusterOutcome distributed(TemporaryCluster cluster, BiConsumer<TensorParallelMoe, Matrix> atEnd) {
        try (Connection connection = cluster.connect();
                Progress progress = output.progress("Deploying")) {
            return SeedExercise.testTpMoe(
                    connection,
                    options.parameters(REPETITIONS),
                    model -> options.describe(model).progress(progress),
                    atEnd);
        }
    }

    /** Returns whether a member can be killed: there is another member, and there are rows to compute. */
    private boolean canLoseMember() {
        return options.members > 1 && options.batch > 0;
    }

    private void sayTime(String name, Outcome outcome, String how) {
        output.say("%-18s %10.2f ms   %s", name, outcome.milliseconds(), how);
    }

    private void say(Comparison comparison) {
        output.say("");
        output.say("speed-up over SimpleMoe       %.2f", comparison.speedup());
        output.say("time in terms of BatchedMoe   %.2f", comparison.ratioToBatched());
        output.say("difference of the sums        %.3g", comparison.sumDifference());
        output.say("largest absolute difference   %.3g", comparison.largestDifference());
    }

    private Map<String, Object> json(Verdict verdict, DemoText text, boolean passed, Kernels kernels) {
        Comparison comparison = verdict.comparison();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("simple_ms", comparison.simple().milliseconds());
        json.put("batched_ms", comparison.batched().milliseconds());
        json.put("tp_ms", comparison.distributed().milliseconds());
        json.put("speedup", comparison.speedup());
        json.put("tp_over_batched", comparison.ratioToBatched());
        json.put("sum_difference", comparison.sumDifference());
        json.put("max_abs_difference", comparison.largestDifference());
        json.put("output_sum", Comparison.sum(comparison.distributed().output()));
        verdict.loss().ifPresent(seen -> json.put("kill_gap_ms", seen.gapMillis()));
        json.put("members", options.members);
        json.put("ranks", options.ranks);
        json.put("exchange", Output.text(options.exchange));
        json.put("element", Output.text(options.element));
        json.put("kernels", kernels.name());
        json.put("text", text.text());
        json.put("text_unchanged", text.unchanged());
        json.put("passed", passed);
        return json;
    }
}
