package org.expertgrid.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.expertgrid.cli.CommandRun;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class DemoCommandTest {
    private static final String SMALL =
            "demo --embedded --batch 33 --input-dim 17 --hidden-dim 29 --output-dim 12 --experts 5 --topk 3 --ranks 4";

    @ParameterizedTest
    @CsvSource({"float64, concat, 1e-12", "float32, concat, 1e-5", "float64, reduce, 1e-12", "float32, reduce, 1e-5"})
    void theClusterGivesWhatSimpleMoeGives(String element, String exchange, double tolerance) {
        CommandRun run = CommandRun.of(SMALL + " --members 2 --json --element", element, "--exchange", exchange);
        Map<String, Object> json = run.json();

        assertThat(json)
                .containsOnlyKeys(
                        "simple_ms",
                        "batched_ms",
                        "tp_ms",
                        "speedup",
                        "tp_over_batched",
                        "sum_difference",
                        "max_abs_difference",
                        "output_sum",
                        "kill_gap_ms",
                        "members",
                        "ranks",
                        "exchange",
                        "element",
                        "kernels",
                        "text",
                        "text_unchanged",
                        "passed")
                .containsEntry("members", 2)
                .containsEntry("ranks", 4)
                .containsEntry("exchange", exchange)
                .containsEntry("element", element)
                .containsEntry("kernels", KernelsChoice.best().name())
                .containsEntry("text_unchanged", true);
        assertThat((double) json.get("max_abs_difference")).isLessThanOrEqualTo(3 * tolerance);
        assertThat(Math.abs((double) json.get("sum_difference"))).isLessThanOrEqualTo(33 * 12 * 3 * tolerance);
        assertThat((double) json.get("output_sum")).isCloseTo(-65.86613776203104, within(1e-2));
        assertThat(run.err()).contains("✅ |sum difference|", "✅ one of 2 members killed under load");
        assertThat((double) json.get("kill_gap_ms")).isPositive();
        assertThat(run.exitCode()).isEqualTo((boolean) json.get("passed") ? 0 : 1);
    }

    @Test
    void theOnlyMemberIsNotKilled() {
        CommandRun run = CommandRun.of(SMALL + " --members 1 --json");

        assertThat(run.json()).doesNotContainKey("kill_gap_ms").containsEntry("text_unchanged", true);
        assertThat(run.err()).doesNotContain("killed");
    }

    @Test
    void peopleReadTimesAndWhereTheWeightsAre() {
        CommandRun run = CommandRun.of(SMALL + " --members 3");

        assertThat(run.out())
                .containsSubsequence(
                        "33 rows, 17 -> 29 -> 12, 5 experts, top 3, float64; 3 members in this JVM, 4 ranks",
                        "SimpleMoe",
                        "BatchedMoe",
                        "TensorParallelMoe",
                        "speed-up over SimpleMoe",
                        "difference of the sums",
                        "largest absolute difference",
                        "primaries",
                        "backups",
                        "tiles",
                        "ranks 0",
                        "ranks 1",
                        "ranks 2-3",
                        "A text of the language model that ships, on the same members, one of which is killed meanwhile:",
                        "Emma was",
                        "speed-up",
                        "✅ |sum difference|",
                        "killed while the text was made: the same text as without the loss");
        assertThat(run.out()).doesNotContain("{");
    }

    @Test
    void anEmptyBatchIsLegal() {
        CommandRun run = CommandRun.of(
                "demo --embedded --json --batch 0 --input-dim 3 --hidden-dim 4 --output-dim 5 --ranks 4 --members 1");

        assertThat(run.json()).containsEntry("output_sum", 0.0).containsEntry("passed", true);
        assertThat(run.exitCode()).isZero();
    }
}
