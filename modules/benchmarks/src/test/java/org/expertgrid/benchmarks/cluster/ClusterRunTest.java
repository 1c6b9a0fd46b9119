package org.expertgrid.benchmarks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.expertgrid.benchmarks.cluster.ClusterRun.Load;
import org.expertgrid.benchmarks.report.Measurement;
import org.expertgrid.benchmarks.report.Measurement.Turn;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.kernels.ElementType;
import org.junit.jupiter.api.Test;

/** With measurements that are made up: 12 ms on the cluster, 6 alone, 2 for the bytes. */
class ClusterRunTest {
    private static ClusterRun of(int callers) {
        return new ClusterRun(
                new Load(Caller.CLIENT, 3, ElementType.FLOAT64, Exchange.REDUCE, 16, callers, false),
                taking(12_000_000),
                taking(6_000_000),
                taking(2_000_000),
                1000,
                new Breakdown(1, 1, 1, 1));
    }

    private static Measurement taking(long nanos) {
        return new Measurement("", List.of(new Turn(new long[] {nanos}, nanos, new long[] {1000, 1000, 1000})));
    }

    @Test
    void oneCallersTimeIsSetBesideTheLayerAloneAndTheFloor() {
        ClusterRun run = of(1);
        assertThat(run.aloneMillis()).isEqualTo(6);
        assertThat(run.ratio()).isEqualTo(2);
        assertThat(run.ratioToFloor()).isEqualTo(1.5);
    }

    @Test
    void severalCallersAreNotComparedWithTheLayerInOneJvm() {
        ClusterRun run = of(16);
        assertThat(run.aloneMillis()).isNaN();
        assertThat(run.ratio()).isNaN();
        assertThat(run.ratioToFloor()).isNaN();
        assertThat(run.echoMillis()).isEqualTo(2);
    }

    @Test
    void theObjectHasAllNumbersForEachKindOfCaller() {
        for (int callers : new int[] {1, 16}) {
            assertThat(of(callers).json())
                    .containsEntry("batched_ms", 6.0)
                    .containsEntry("echo_ms", 2.0)
                    .containsEntry("ratio", 2.0)
                    .containsEntry("ratio_to_floor", 1.5);
        }
    }
}
