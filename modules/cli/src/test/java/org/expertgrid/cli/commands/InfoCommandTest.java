package org.expertgrid.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.expertgrid.cli.CommandRun;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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
}
