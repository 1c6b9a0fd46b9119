package org.expertgrid.benchmarks.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.expertgrid.benchmarks.report.Measurement;
import org.expertgrid.benchmarks.report.Rounds;
import org.expertgrid.benchmarks.report.Subject;
import org.expertgrid.cli.local.AtExit;
import org.expertgrid.cli.local.TemporaryFolder;
import org.expertgrid.kernels.WeightFormat;

/**
 * Times a random model in one JVM, and in llama.cpp if asked for. Both have the model in memory at the same time and take turns.
 *
 * @param shape the model
 * @param library llama.cpp; nothing for Expertgrid alone
 * @param threads the threads of each program
 * @param seconds how long each kind of work is timed; a third of it before, to warm up
 */
record ModelBench(ModelShape shape, Optional<LlamaLibrary> library, int threads, double seconds) {
    private static final int BITS_OF_BYTE = 8;

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
                try (Loaded loaded = load(folder.path(), file, format)) {
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

    private Loaded load(Path folder, Path file, WeightFormat format) {
        List<ModelRunner> runners = new ArrayList<>();
        runners.add(new OwnRunner(folder, format, threads, ModelWork.mostTokens()));
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

    private List<ModelRun> measure(List<ModelRunner> runners, ModelWork work, WeightFormat format, double bandwidth) {
        Duration measuring = Duration.ofNanos((long) (seconds * runners.size() * 1e9));
        Rounds.Plan plan =
                new Rounds.Plan(1, measuring.dividedBy(3), measuring, Duration.ofMillis(5), Duration.ofMillis(20));
        List<Measurement> measurements = Rounds.measure(
                runners.stream().map(runner -> subject(runner, work)).toList(), plan);
        List<ModelRun> runs = new ArrayList<>();
        for (Measurement measurement : measurements) {
            runs.add(new ModelRun(
                    measurement.name(),
                    work,
                    format,
                    measurement.times(),
                    bytesOfStep(work, format),
                    bandwidth,
                    Double.NaN));
        }
        ModelRun last = runs.get(runs.size() - 1);
        return library.isEmpty()
                ? runs
                : runs.stream().map(run -> run.withRatioTo(last)).toList();
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

    /** Returns the bytes of weights that a step must read, if its tokens choose experts evenly at random. */
    private double bytesOfStep(ModelWork work, WeightFormat format) {
        double ofExperts = shape.layers() * shape.expectedExperts(work.tokensOfStep()) * shape.expertWeights();
        double bits = format.bits() + (format.scaled() ? (double) Float.SIZE / format.scaledInputs() : 0);
        return (ofExperts + shape.sharedWeights()) * bits / BITS_OF_BYTE;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file + ": " + e.getMessage(), e);
        }
    }
}
