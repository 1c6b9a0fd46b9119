package org.expertgrid.benchmarks.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.expertgrid.benchmarks.report.Measurement;
import org.expertgrid.benchmarks.report.Rounds;
import org.expertgrid.benchmarks.report.Subject;
import org.expertgrid.cli.local.AtExit;
import org.expertgrid.cli.local.TemporaryFolder;
import org.expertgrid.cli.output.WrongAnswerException;
import org.expertgrid.cluster.status.MoeStatistics;
import org.expertgrid.kernels.WeightFormat;

/**
 * Times a random model in one JVM, and over members and in llama.cpp if asked for. All have the model in memory at the same time and take
 * turns.
 *
 * @param shape the model
 * @param library llama.cpp; nothing for Expertgrid alone
 * @param members members that hold the experts; nothing for one JVM alone
 * @param ranks the parts of every weight on members
 * @param groups in how many groups sequences go through the layers where members compute experts
 * @param threads the threads of each program
 * @param seconds how long each kind of work is timed; a third of it before, to warm up
 */
record ModelBench(
        ModelShape shape,
        Optional<LlamaLibrary> library,
        Optional<ExpertMembers> members,
        int ranks,
        int groups,
        int threads,
        double seconds) {
    private static final double LARGEST_DIFFERENCE = 1e-3;
    /** Where ranks cut a group of inputs in two, both parts of a row that is narrowed to 8 bits have scales of their own. */
    private static final double LARGEST_OF_CUT_GROUPS = 1e-2;

    private static final double NANOS_OF_MILLI = 1e6;
    private static final double MILLIS_OF_SECOND = 1e3;

    /** Measures all kinds of work for each format; gives each run when it has ended. */
    List<ModelRun> measure(List<WeightFormat> formats, Consumer<String> stage, Consumer<ModelRun> ended) {
        double bandwidth = ReadBandwidth.measure(threads);
        List<ModelRun> runs = new ArrayList<>();
        TemporaryFolder folder = TemporaryFolder.create();
        AtExit atExit = AtExit.run(folder::close);
        try (folder) {
            stage.accept("writing the model");
            SafetensorsFile.write(shape, folder.path());
            for (WeightFormat format : formats) {
                Path file = folder.path().resolve(format + ".gguf");
                stage.accept("loading it as " + format);
                try (Loaded loaded = load(folder.path(), file, format, stage)) {
                    for (ModelWork work : ModelWork.values()) {
                        stage.accept(format + ", " + work.label());
                        List<ModelRun> ofWork = measure(loaded.runners(), work, format, bandwidth);
                        ofWork.forEach(ended);
                        runs.addAll(ofWork);
                    }
                } finally {
                    delete(file);
                }
            }
        } finally {
            atExit.callOff();
        }
        return runs;
    }

    /** The programs that have the model in memory. */
    private record Loaded(List<ModelRunner> runners) implements AutoCloseable {
        @Override
        public void close() {
            runners.forEach(ModelRunner::close);
        }
    }

    private Loaded load(Path folder, Path file, WeightFormat format, Consumer<String> stage) {
        List<ModelRunner> runners = new ArrayList<>();
        OwnRunner inThisJvm = OwnRunner.inThisJvm(folder, format, threads, ModelWork.mostTokens());
        runners.add(inThisJvm);
        members.ifPresent(present -> {
            stage.accept("deploying its experts as " + format);
            long begin = System.nanoTime();
            runners.add(OwnRunner.onMembers(present, ranks, groups, folder, format, threads, ModelWork.mostTokens()));
            stage.accept(deployed(inThisJvm, runners.get(1), format, System.nanoTime() - begin));
        });
        library.ifPresent(present -> {
            GgufFile.write(shape, GgufType.of(format), file);
            runners.add(new LlamaRunner(
                    present,
                    file,
                    shape.vocabulary(),
                    threads,
                    ModelWork.mostTokens(),
                    ModelWork.DECODE_8.sequences()));
        });
        return new Loaded(runners);
    }

    private boolean ranksCutGroups(WeightFormat format) {
        return shape.expertHidden() % (ranks * format.scaledInputs()) != 0;
    }

    /** Checks the logits of the model on members, and returns what is said about it. */
    private String deployed(ModelRunner inThisJvm, ModelRunner onMembers, WeightFormat format, long nanos) {
        double difference = LogitsCheck.largestDifference(shape, inThisJvm, onMembers);
        double largest = format.narrowsRows() && ranksCutGroups(format) ? LARGEST_OF_CUT_GROUPS : LARGEST_DIFFERENCE;
        if (!(difference <= largest)) {
            throw new WrongAnswerException(format + ": the logits over members differ from those of one JVM by "
                    + difference + " of scale (expected: at most " + largest + ")");
        }
        return String.format(
                Locale.ROOT,
                "loaded the front and deployed %.0f MB of experts in %.1f s; logits differ by at most %.1e of scale",
                StepBytes.ofAllExperts(shape, format) / 1e6,
                nanos / 1e9,
                difference);
    }

    private List<ModelRun> measure(List<ModelRunner> runners, ModelWork work, WeightFormat format, double bandwidth) {
        List<Subject> subjects = new ArrayList<>();
        runners.forEach(runner -> subjects.add(subject(runner, work)));
        members.ifPresent(present -> subjects.add(present.echo(work.tokensOfStep())));
        Duration measuring = Duration.ofNanos((long) (seconds * runners.size() * 1e9));
        Rounds.Plan plan =
                new Rounds.Plan(1, measuring.dividedBy(3), measuring, Duration.ofMillis(5), Duration.ofMillis(20));
        List<Measurement> measured = Rounds.measure(subjects, plan, gauges());
        StepBytes bytes = StepBytes.of(shape, work.tokensOfStep(), format);
        List<ModelRun> runs = new ArrayList<>();
        for (int i = 0; i < runners.size(); i++) {
            Measurement measurement = measured.get(i);
            Optional<MemberTimes> onMembers = i == 1 && members.isPresent()
                    ? Optional.of(memberTimes(measured, bytes, bandwidth))
                    : Optional.empty();
            runs.add(new ModelRun(
                    measurement.name(),
                    work,
                    format,
                    measurement.times(),
                    bytes.total(),
                    bandwidth,
                    Double.NaN,
                    onMembers));
        }
        ModelRun last = runs.get(runs.size() - 1);
        return library.isEmpty()
                ? runs
                : runs.stream().map(run -> run.withRatioTo(last)).toList();
    }

    private LongSupplier[] gauges() {
        return members.map(present -> new LongSupplier[] {
                    present.nanos(MoeStatistics::routing),
                    present.nanos(MoeStatistics::encoding),
                    present.nanos(MoeStatistics::waiting),
                    present.nanos(MoeStatistics::combining)
                })
                .orElseGet(() -> new LongSupplier[0]);
    }

    /**
     * Returns the times over members.
     *
     * @param measured the model in one JVM, the model over members, ..., the echo
     */
    private MemberTimes memberTimes(List<Measurement> measured, StepBytes bytes, double bandwidth) {
        Measurement run = measured.get(1);
        return new MemberTimes(
                MILLIS_OF_SECOND / run.callsPerSecond(),
                run.perCall(0) / NANOS_OF_MILLI,
                run.perCall(1) / NANOS_OF_MILLI,
                run.perCall(2) / NANOS_OF_MILLI,
                run.perCall(3) / NANOS_OF_MILLI,
                bytes.front() / bandwidth / NANOS_OF_MILLI,
                bytes.experts() / bandwidth / NANOS_OF_MILLI,
                measured.get(measured.size() - 1).times().medianMillis(),
                shape.layers(),
                measured.get(0).times().medianMillis() / run.times().medianMillis());
    }

    /** Returns a program as a subject, each call of which is one step. */
    private Subject subject(ModelRunner runner, ModelWork work) {
        RandomTokens tokens = new RandomTokens(shape.vocabulary());
        int[] steps = {0};
        return new Subject() {
            @Override
            public String name() {
                return runner.name();
            }

            @Override
            public long call(int number) {
                if (steps[0]++ % work.steps() == 0) {
                    runner.begin(work.sequences());
                }
                int[][] next = tokens.next(work.sequences(), work.tokens());
                long begin = System.nanoTime();
                runner.step(next);
                return System.nanoTime() - begin;
            }
        };
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file + ": " + e.getMessage(), e);
        }
    }
}
