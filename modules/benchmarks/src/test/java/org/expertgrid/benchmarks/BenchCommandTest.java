package org.expertgrid.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.expertgrid.cli.CommandRun;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
    @Test
    void withoutASubcommandHelpIsGiven() {
        assertThat(BenchRun.of("bench").out()).contains("kernels", "layer", "cluster", "jmh");
    }

    @Test
    void everythingWrongWithTheOptionsIsNamedAtOnce() {
        CommandRun run = BenchRun.of("bench", "layer", "--batch", "0", "--topk", "0", "--chart", "chart.gif");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--batch: [0]", "--topk: 0", "--chart: chart.gif", ".svg or .png");
    }

    @Test
    void anUnknownPeerIsBadUsage() {
        CommandRun run = BenchRun.of("bench", "layer", "--against", "abacus");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--against: abacus", "numpy");
    }

    @Test
    void aShapeThatIsNoneIsBadUsage() {
        CommandRun run = BenchRun.of("bench", "kernels", "--shape", "200x1000");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("200x1000x1000");
    }

    @Test
    void unknownKernelsAreBadUsageBeforeAnythingIsMeasured() {
        CommandRun run = BenchRun.of("bench", "kernels", "--kernels", "plain,abacus", "--seconds", "0");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--kernels: abacus (expected: ", "--seconds: 0");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void membersThatCouldNotStartAndRanksWithoutAPartAreBadUsageBeforeAnyMemberStarts() {
        CommandRun run = BenchRun.of(
                "bench", "cluster", "--heap", "lots", "--ranks", "10", "--hidden-dim", "20", "--output-dim", "9");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("--heap: lots", "--ranks: 10 (expected: at most 9")
                .containsOnlyOnce("--ranks");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void onlyExchangesThatAreMeasuredBoundTheRanks() {
        CommandRun run = BenchRun.of(
                "bench", "cluster", "--exchange", "reduce", "--ranks", "10", "--output-dim", "9", "--seconds", "0");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--seconds: 0").doesNotContain("--ranks");
    }

    @Test
    void aClusterWithoutMembersIsBadUsage() {
        CommandRun run = BenchRun.of("bench", "cluster", "--members", "0", "--ranks", "0");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--members: [0]", "--ranks: 0");
    }
}
