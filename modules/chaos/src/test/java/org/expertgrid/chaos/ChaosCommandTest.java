package org.expertgrid.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.expertgrid.cli.CommandRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChaosCommandTest {
    private static final List<String> SMALL = List.of(
            "--batch",
            "40",
            "--input-dim",
            "30",
            "--hidden-dim",
            "40",
            "--output-dim",
            "20",
            "--experts",
            "3",
            "--ranks",
            "8",
            "--heap",
            "256m",
            "--json");

    private static CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("chaos"));
        all.addAll(SMALL);
        all.addAll(List.of(arguments));
        return CommandRun.of(Main::run, all.toArray(String[]::new));
    }

    @Test
    void membersHaveRoomForTwoModels() {
        assertThat(CommandRun.of(Main::run, "chaos", "--help").out())
                .contains("Heap of each member JVM that is started (1g).");
    }

    @Test
    @Tag("nightly")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void threeFaultsUnderLoadChangeNoNumber() {
        CommandRun run =
                run("--members", "2", "--seed", "28", "--faults", "3", "--kinds", "kill,pause,kill_while_deploying");

        Map<String, Object> json = run.json();
        assertThat(json)
                .as(run.err())
                .containsOnlyKeys(
                        "faults",
                        "forwards",
                        "wrong",
                        "failed",
                        "longest_gap_ms",
                        "gaps_by_kind",
                        "hedges",
                        "hedges_won",
                        "hedges_wasted",
                        "members_leaked",
                        "passed")
                .containsEntry("faults", 3)
                .containsEntry("wrong", 0)
                .containsEntry("failed", 0)
                .containsEntry("members_leaked", 0)
                .containsEntry("passed", true);
        assertThat((int) json.get("forwards")).isGreaterThan(20);
        assertThat((int) json.get("longest_gap_ms")).isPositive();
        assertThat(json.get("gaps_by_kind"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("kill", "pause", "start", "kill_while_deploying");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("Seed 28: [");
    }

    @Test
    @Tag("nightly")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void textsThatAServerStreamsStayTheSameWhenMembersAreLost() {
        CommandRun run = run(
                "--serve",
                "--members",
                "2",
                "--seed",
                "28",
                "--faults",
                "2",
                "--kinds",
                "kill,start",
                "--checkpoint",
                "../../models/tiny-austen");

        assertThat(run.json())
                .as(run.err())
                .containsEntry("faults", 2)
                .containsEntry("wrong", 0)
                .containsEntry("failed", 0)
                .containsEntry("passed", true);
        assertThat((int) run.json().get("pieces")).isGreaterThan(1000);
        assertThat(run.json()).doesNotContainKey("forwards");
        assertThat(run.err()).contains(" pieces of text, 0 wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"float64", "float32"})
    @Tag("slow")
    void theSelfTestFindsTheWrongBitAndTheHang(String element) {
        CommandRun run = run("--self-test", "--element", element);

        assertThat(run.json())
                .as(run.err())
                .containsEntry("faults", 2)
                .containsEntry("wrong", 1)
                .containsEntry("failed", 1)
                .containsEntry("passed", true);
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("1 wrong rows", "no answer for", "✅ one wrong bit", "✅ one hang");
    }

    @Test
    void everythingWrongWithTheOptionsIsNamedAtOnce() {
        CommandRun run = run("--members", "1", "--faults", "-1", "--minutes", "-2");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--members: 1", "--faults: -1", "--minutes: -2");
    }
}
