package org.expertgrid.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.expertgrid.cli.CommandRun;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class InfoCommandTest {
    @Test
    void tellsJdkKernelsCoresAndVersions() {
        assertThat(CommandRun.of("info --json").json())
                .containsEntry("java", Runtime.version().toString())
                .containsEntry("kernels", KernelsChoice.best().name())
                .containsEntry("kernels_description", KernelsChoice.best().description())
                .containsEntry("cores", Runtime.getRuntime().availableProcessors())
                .containsEntry("hazelcast", "5.7.0")
                .containsKeys(
                        "expertgrid", "ojalgo", "vm", "java_home", "heap_maximum", "kernels_choice", "vector_module");
    }

    @Test
    void measuresTheKernels() {
        Map<String, Object> info = CommandRun.of("info --json").json();

        assertThat((double) info.get("gflops_float64")).isBetween(0.01, 1e4);
        assertThat((double) info.get("gflops_float32")).isBetween(0.01, 1e4);
    }

    @Test
    void tellsPeopleTheSame() {
        CommandRun run = CommandRun.of("info");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(
                        "Hazelcast     5.7.0",
                        "kernels       " + KernelsChoice.best().description());
    }

    @Test
    void tellsWhatACheckpointNeeds() {
        CommandRun run = CommandRun.of("info --json --members 3 --checkpoint ../../models/tiny-austen");

        assertThat(run.json())
                .as(run.err())
                .containsEntry("weights_read", true)
                .containsEntry("members", 3)
                .containsEntry("backups", 1);
        assertThat(run.err()).contains("experts ", "backups included", "for each of the others", "--heap ", "-Xmx");
    }

    @Test
    void sizesFollowTheConfigurationWhereThereAreNoWeights(@TempDir Path folder) throws IOException {
        Path shipped = Path.of("../../models/tiny-austen");
        Files.copy(shipped.resolve("config.json"), folder.resolve("config.json"));

        Map<String, Object> unread =
                CommandRun.of("info --json --checkpoint", folder).json();
        Map<String, Object> read =
                CommandRun.of("info --json --checkpoint", shipped).json();

        assertThat(unread).containsEntry("weights_read", false);
        for (String field : List.of("expert_bytes", "member_bytes", "front_bytes", "cache_bytes_per_1000_tokens")) {
            assertThat(unread.get(field)).as(field).isEqualTo(read.get(field));
        }
    }

    @Test
    void fewerBitsNeedLessMemory() {
        long stored = bytes("info --json --checkpoint ../../models/tiny-austen");
        assertThat(bytes("info --json --weights-as float32 --checkpoint ../../models/tiny-austen"))
                .isGreaterThan(stored);
        assertThat(bytes("info --json --weights-as int4 --checkpoint ../../models/tiny-austen"))
                .isLessThan(stored);
    }

    private static long bytes(String command) {
        return ((Number) CommandRun.of(command).json().get("expert_bytes")).longValue();
    }

    @Test
    void aPlanWithWrongOptionsIsRefused(@TempDir Path folder) {
        CommandRun.of("info --members 0 --backups -1 --checkpoint ../../models/tiny-austen")
                .assertRefused("members: 0", "backups: -1");
        CommandRun.of("info --checkpoint", folder).assertRefused("config.json");
    }
}
