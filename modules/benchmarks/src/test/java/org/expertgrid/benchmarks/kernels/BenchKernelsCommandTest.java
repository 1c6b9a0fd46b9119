package org.expertgrid.benchmarks.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.expertgrid.benchmarks.BenchRun;
import org.expertgrid.cli.CommandRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class BenchKernelsCommandTest {
    @Test
    void productsOfAllRunnersAgreeAndAreMeasured() {
        CommandRun run = BenchRun.of(
                "bench", "kernels", "--element", "float32", "--shape", "3x500x400", "--seconds", "0.01", "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(BenchRun.measurements(run))
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one)
                        .containsEntry("shape", "3x500x400")
                        .containsKeys("runner", "element", "median_ms", "gflops", "share_of_peak", "ratio_to_ours"));
    }
}
