package org.expertgrid.benchmarks.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.expertgrid.benchmarks.BenchRun;
import org.expertgrid.benchmarks.peers.NumPy;
import org.expertgrid.cli.CommandRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class BenchLayerCommandTest {
    private static final String[] TINY = {
        "bench",
        "layer",
        "--input-dim",
        "20",
        "--hidden-dim",
        "24",
        "--output-dim",
        "12",
        "--experts",
        "3",
        "--batch",
        "2,5",
        "--threads",
        "1",
        "--seconds",
        "0.01",
        "--json"
    };

    private static CommandRun run(String... more) {
        return BenchRun.of(Stream.of(TINY, more).flatMap(Stream::of).toArray(String[]::new));
    }

    @Test
    void everyRunnerIsMeasuredAtEveryLoadAndDrawn(@TempDir Path folder) throws Exception {
        Path chart = folder.resolve("chart.svg");
        // a top-k above the number of experts means all experts
        CommandRun run = run("--against", "ojalgo", "--kernels", "plain", "--topk", "7", "--chart", chart.toString());
        assertThat(Files.readString(chart)).contains("<svg");
        assertThat(run.err()).contains("/ ours");
        List<Map<String, Object>> runs = BenchRun.measurements(run);
        long runners = runs.stream().map(one -> one.get("runner")).distinct().count();
        assertThat(runs).hasSize((int) runners * 2 * 2);
        assertThat(runs)
                .allSatisfy(one -> assertThat(one)
                        .containsKeys(
                                "runner",
                                "element",
                                "batch",
                                "threads",
                                "median_ms",
                                "min_ms",
                                "gflops",
                                "ratio_to_ours"));
    }

    @Test
    @Tag("nightly")
    void numPyComputesTheSame() {
        assumeThat(NumPy.python()).as("a python3 with numpy").isPresent();
        CommandRun run = run("--against", "numpy", "--batch", "2", "--kernels", "", "--pause", "0");
        assertThat(run.err()).doesNotContain("differs");
        assertThat(run.exitCode()).isZero();
        assertThat(BenchRun.measurements(run)).anySatisfy(one -> assertThat(one).containsEntry("runner", "numpy"));
    }
}
