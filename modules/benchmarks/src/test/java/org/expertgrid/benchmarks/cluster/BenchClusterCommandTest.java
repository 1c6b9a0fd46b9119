package org.expertgrid.benchmarks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.expertgrid.benchmarks.BenchRun;
import org.expertgrid.cli.CommandRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class BenchClusterCommandTest {
    private static CommandRun run(String caller, String callers, String batches) {
        return BenchRun.of(
                "bench",
                "cluster",
                "--caller",
                caller,
                "--members",
                "2",
                "--callers",
                callers,
                "--batch",
                batches,
                "--input-dim",
                "20",
                "--hidden-dim",
                "24",
                "--output-dim",
                "12",
                "--experts",
                "3",
                "--ranks",
                "4",
                "--element",
                "float32",
                "--warm-up",
                "0",
                "--seconds",
                "0.01",
                "--heap",
                "256m",
                "--full",
                "--json");
    }

    @Test
    void anEmbeddedClusterIsMeasuredBesideItsFloor() {
        CommandRun run = run("embedded", "1,2", "5");
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<Map<String, Object>> runs = BenchRun.measurements(run);
        assertThat(runs).hasSize(2 * 2);
        assertThat(runs)
                .allSatisfy(one -> assertThat(one)
                        .containsEntry("caller", "embedded")
                        .containsEntry("members", 2)
                        .containsKeys(
                                "exchange",
                                "element",
                                "batch",
                                "callers",
                                "median_ms",
                                "p99_ms",
                                "batched_ms",
                                "echo_ms",
                                "ratio",
                                "ratio_to_floor",
                                "waiting_ms",
                                "bytes_on_wire",
                                "bytes_minimum"));
    }

    @Test
    void aMemberThatCallsIsOneOfTheMembers() {
        CommandRun run = run("member", "1", "5");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(BenchRun.measurements(run))
                .filteredOn(
                        one -> one.get("batch").equals(5) && one.get("exchange").equals("reduce"))
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one).containsEntry("bytes_minimum", 5 * (20 + 12) * 4));
    }
}
