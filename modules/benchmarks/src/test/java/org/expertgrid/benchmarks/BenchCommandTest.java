package org.expertgrid.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BenchCommandTest {
    @Test
    void withoutASubcommandHelpIsGiven() {
        assertThat(Commands.run("bench").out()).contains("kernels", "layer", "cluster", "jmh");
    }

    @Test
    void everythingWrongWithTheOptionsIsNamedAtOnce() {
        Commands run = Commands.run("bench", "layer", "--batch", "0", "--topk", "0", "--chart", "chart.gif");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--batch: [0]", "--topk: 0", "--chart: chart.gif", ".svg or .png");
    }

    @Test
    void anUnknownPeerIsBadUsage() {
        Commands run = Commands.run("bench", "layer", "--against", "abacus");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--against: abacus", "numpy");
    }

    @Test
    void aShapeThatIsNoneIsBadUsage() {
        Commands run = Commands.run("bench", "kernels", "--shape", "200x1000");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("200x1000x1000");
    }

    @Test
    void unknownKernelsAreBadUsageBeforeAnythingIsMeasured() {
        Commands run = Commands.run("bench", "kernels", "--kernels", "plain,abacus", "--seconds", "0");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--kernels: abacus (expected: ", "--seconds: 0");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void membersThatCouldNotStartAndRanksWithoutAPartAreBadUsageBeforeAnyMemberStarts() {
        Commands run = Commands.run(
                "bench", "cluster", "--heap", "lots", "--ranks", "10", "--hidden-dim", "20", "--output-dim", "9");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("--heap: lots", "--ranks: 10 (expected: at most 9")
                .containsOnlyOnce("--ranks");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void onlyExchangesThatAreMeasuredBoundTheRanks() {
        Commands run = Commands.run(
                "bench", "cluster", "--exchange", "reduce", "--ranks", "10", "--output-dim", "9", "--seconds", "0");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--seconds: 0").doesNotContain("--ranks");
    }

    @Test
    void aClusterOfNobodyIsBadUsage() {
        Commands run = Commands.run("bench", "cluster", "--members", "0", "--ranks", "0");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--members: [0]", "--ranks: 0");
    }
}
