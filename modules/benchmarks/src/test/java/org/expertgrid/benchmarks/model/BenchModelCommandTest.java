package org.expertgrid.benchmarks.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.expertgrid.benchmarks.BenchRun;
import org.expertgrid.cli.CommandRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class BenchModelCommandTest {
    private static final String TINY =
            "bench model --layers 2 --hidden-dim 64 --heads 2 --expert-hidden-dim 32 --experts 4"
                    + " --topk 2 --vocabulary 64 --seconds 0.01 --json";

    private static CommandRun run(String... more) {
        return BenchRun.of(Stream.of(TINY.split(" "), more).flatMap(Stream::of).toArray(String[]::new));
    }

    @Test
    @Tag("nightly")
    void bothProgramsComputeTheSameAndAreTimedAtAllWork() throws Exception {
        assumeThat(LlamaLibrary.load())
                .as("a native library of llama.cpp for this system")
                .isPresent();
        CommandRun run = run("--against", "llama.cpp", "--weights", "float32,int4");
        Map<String, Object> json = run.json();
        assertThat((double) json.get("logits_difference")).isLessThan(1e-3);
        List<Map<String, Object>> runs = BenchRun.measurements(run);
        assertThat(runs)
                .hasSize(2 * 3 * 2)
                .allSatisfy(one -> assertThat(one)
                        .containsKeys("runner", "work", "weights", "tokens_per_second", "ratio", "of_limit"));
        assertThat(runs).extracting(one -> one.get("runner")).containsOnly("expertgrid", "llama.cpp");
    }

    @Test
    void expertgridIsTimedAlone() throws Exception {
        List<Map<String, Object>> runs = BenchRun.measurements(run("--weights", "bf16"));
        assertThat(runs).extracting(one -> one.get("work")).containsExactly("decode 1", "decode 8", "prefill 512");
    }

    @Test
    void stepsOverMembersAreTimedBesideTheirBoundAndDrawn(@TempDir Path folder) throws Exception {
        Path chart = folder.resolve("model.svg");
        CommandRun run = run(
                "--weights",
                "bf16,w8a8",
                "--members",
                "2",
                "--heap",
                "128m",
                "--ranks",
                "3",
                "--chart",
                chart.toString());
        List<Map<String, Object>> runs = BenchRun.measurements(run);
        assertThat(chart).content().contains("<svg");
        assertThat(runs)
                .extracting(one -> one.get("runner"))
                .startsWith("expertgrid", "expertgrid, 2 members")
                .hasSize(2 * 3 * 2);
        assertThat(runs)
                .filteredOn(one -> one.get("runner").equals("expertgrid, 2 members"))
                .allSatisfy(one -> {
                    assertThat((double) one.get("of_one_jvm")).isPositive();
                    assertThat((double) one.get("round_trip_ms")).isPositive();
                    assertThat((double) one.get("bound_ms")).isGreaterThan(2 * (double) one.get("round_trip_ms"));
                    assertThat((double) one.get("waiting_ms")).isPositive();
                });
    }

    @Test
    void everythingWrongWithTheOptionsIsNamedAtOnce() {
        CommandRun run = run(
                "--against",
                "ollama",
                "--weights",
                "f16",
                "--threads",
                "0",
                "--members",
                "0",
                "--ranks",
                "33",
                "--chart",
                "rates.pdf");
        run.assertRefused("--against: ollama (expected: llama.cpp)");
        assertThat(run.err())
                .contains("--threads: 0 (expected: at least 1)")
                .contains("--members: [0] (expected: at least 1 each)")
                .contains("--chart: rates.pdf (expected: a file ending in .svg or .png)")
                .contains("--ranks: 33 (expected: 1 to --expert-hidden-dim, 32)")
                .contains("--weights: f16 (expected: float32, bf16, int8, int4, w8a8 or w4a8)");
    }
}
