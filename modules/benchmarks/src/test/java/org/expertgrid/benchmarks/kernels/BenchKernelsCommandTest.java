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

    @Test
    void storedWeightsGiveTheBitsOfWidenedOnesAndAreMeasured() {
        CommandRun run = BenchRun.of(
                "bench", "kernels", "--weights", "bf16,mxfp4", "--shape", "3x96x40", "--seconds", "0.01", "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(BenchRun.measurements(run))
                .hasSize(3)
                .allSatisfy(one -> assertThat(one)
                        .containsKeys("weights", "shape", "bytes", "median_ms", "gflops", "speed_of_float32"));
    }

    @Test
    void anUnknownFormatOfWeightsIsRefused() {
        CommandRun run = BenchRun.of("bench", "kernels", "--weights", "int3");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("'int3' (expected: one of float32, bf16, f16, fp8, mxfp4, int8, int4, w8a8, w4a8)");
    }
}
