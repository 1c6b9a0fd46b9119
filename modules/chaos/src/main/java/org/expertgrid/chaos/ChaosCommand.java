package org.expertgrid.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.expertgrid.chaos.faults.FaultKind;
import org.expertgrid.chaos.load.Answers;
import org.expertgrid.chaos.load.Reference;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.cli.options.ModelSource;
import org.expertgrid.cli.options.ShapeOptions;
import org.expertgrid.cli.output.Output;
import org.expertgrid.experts.weights.MoeWeights;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The command {@code chaos}. */
@Command(
        name = "chaos",
        defaultValueProvider = ChaosCommand.RoomForTwo.class,
        description = {
            "Faults under load, every row of every result compared with SimpleMoe's",
            "",
            "Member JVMs are killed, halted, stopped, started and cut off, one fault after the other, by a schedule that is"
                    + " drawn from the seed. Meanwhile a client and a member call without a pause. The calling member is in"
                    + " this JVM, in addition to the --members.",
            "",
        },
        footer = {
            "",
            "Exit codes: 0 every forward returned, and right; 1 an answer was wrong, a forward failed, or a member JVM was left; 2 bad usage"
                    + " or bad input; 3 it could not begin.",
        })
public final class ChaosCommand implements Callable<Integer> {
    private static final int FEWEST_MEMBERS = 2;
    private static final int LARGEST_SEED = 1_000_000;
    /** The faults of one schedule of a run that is bounded by time: three of every kind. */
    private static final int FAULTS_OF_A_ROUND = 3 * FaultKind.values().length;

    @Mixin
    private ShapeOptions shape;

    @Mixin
    private ModelSource source;

    @Option(names = "--layer", paramLabel = "L", description = "The layer of the checkpoint, from 0.")
    private Integer layer;

    @Mixin
    private Output output;

    @Option(names = "--seed", paramLabel = "N", description = "The seed of the schedule (another one each time).")
    private Long seed;

    @Option(
            names = "--faults",
            paramLabel = "N",
            description = "The number of faults. The cluster is restored after each one (9, or as many as --minutes"
                    + " leaves time for).")
    private Integer faults;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "How long the load lasts at least. Faults are injected until then, unless --faults is given.")
    private double minutes;

    @Option(
            names = "--kinds",
            paramLabel = "KIND",
            split = ",",
            completionCandidates = Kinds.class,
            description = "Kinds of faults, one or more: ${COMPLETION-CANDIDATES} (all).")
    private List<FaultKind> kinds = Arrays.asList(FaultKind.values());

    @Option(
            names = "--serve",
            description =
                    "Instead of forwards of one layer: sixteen clients have a server stream texts to them. Every text must be"
                            + " the one that the same seed gives without faults.")
    private boolean serve;

    @Option(
            names = "--self-test",
            description = "Instead of a run: inject a wrong bit and a hang, which the verifiers must find.")
    private boolean selfTest;

    @Override
    public Integer call() {
        source.check(source.isGiven() ? shape.problems() : shape.checked())
                .expect(shape.batch() >= 1, "--batch", shape.batch(), "at least 1")
                .expect(
                        shape.members() >= FEWEST_MEMBERS,
                        "--members",
                        shape.members(),
                        "at least " + FEWEST_MEMBERS + ", so that one can join the other")
                .expect(faults == null || faults >= 0, "--faults", faults, "at least 0")
                .expect(minutes >= 0, "--minutes", minutes, "at least 0")
                .expect(!serve || !selfTest, "--serve", "given", "not together with --self-test")
                .expect(
                        source.isGiven() == source.isCheckpoint(),
                        "--weights",
                        "given",
                        "--checkpoint, or random weights without it")
                .expect(
                        serve ? layer == null : source.isCheckpoint() == (layer != null),
                        "--layer",
                        layer == null ? "none" : layer,
                        serve
                                ? "none with --serve, which takes all layers"
                                : source.isCheckpoint() ? "the number of an MoE layer" : "--checkpoint with it")
                .expect(!selfTest || !source.isGiven(), "--self-test", "given", "not together with --checkpoint")
                .throwIfAny();
        return selfTest ? testItself() : run();
    }

    private int testItself() {
        SelfTest test = SelfTest.run(shape.parameters(1));
        test.say(output);
        output.result(test.json());
        return test.passed() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private int run() {
        boolean drawnAgain = faults == null && minutes > 0;
        int count = faults != null ? faults : drawnAgain ? FAULTS_OF_A_ROUND : FaultKind.values().length;
        ChaosRun.Plan plan = new ChaosRun.Plan(
                seed == null ? new Random().nextInt(LARGEST_SEED) : seed,
                count,
                kinds,
                Duration.ofSeconds((long) (60 * minutes)),
                drawnAgain);
        Reference reference = reference();
        ChaosReport report = ChaosRun.of(shape, reference, loads(reference), plan, line -> output.say("%s", line));
        report.say(output);
        output.result(report.json());
        return report.passed() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Load.Source loads(Reference reference) {
        if (!serve) {
            return new Load.Source(Answers.FORWARDS, cluster -> LayerLoad.on(cluster, shape, reference));
        }
        Checkpoint checkpoint = source.openCheckpoint();
        return new Load.Source(
                Answers.PIECES,
                cluster ->
                        ServedLoad.on(cluster, checkpoint, source.layers(checkpoint, Optional.empty()), shape.ranks));
    }

    private Reference reference() {
        output.say("Computing SimpleMoe's answers");
        if (layer == null) {
            return Reference.draw(shape.parameters(1));
        }
        MoeWeights weights = source.openLayer(shape, layer);
        return Reference.ofCheckpoint(weights, shape.parameters(weights.shape(), weights.elementType(), 1));
    }

    /** Sets the default of {@code --heap}: members need room for two models and for the shards of a lost member. */
    static final class RoomForTwo implements IDefaultValueProvider {
        @Override
        public String defaultValue(ArgSpec option) {
            return option instanceof OptionSpec named && named.longestName().equals("--heap") ? "1g" : null;
        }
    }

    private static final class Kinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(FaultKind.values()).map(Output::text).iterator();
        }
    }
}
