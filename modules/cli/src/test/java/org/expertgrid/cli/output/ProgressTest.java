package org.expertgrid.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void drawsHowFarItIsAndDisappears() {
        StringWriter terminal = new StringWriter();
        try (Progress progress = Progress.to(new PrintWriter(terminal), "Deploying")) {
            progress.deployed(new DeploymentProgress.Part(5, 10, 5 * 1024L, 10 * 1024L));
            assertThat(terminal.toString())
                    .startsWith("\r")
                    .contains(
                            "Deploying [" + "#".repeat(15) + ".".repeat(15) + "] 5 of 10 experts, ", "/s, ", " s left");
            progress.deployed(new DeploymentProgress.Part(10, 10, 10 * 1024L, 10 * 1024L));
        }

        assertThat(terminal.toString())
                .contains("[" + "#".repeat(30) + "] 10 of 10")
                .endsWith("\r\u001b[K");
    }

    @Test
    void drawsNothingWhereThereIsNoTerminal() {
        StringWriter notATerminal = new StringWriter();
        try (Progress progress = Progress.onTerminal(new PrintWriter(notATerminal), "Deploying")) {
            progress.deployed(new DeploymentProgress.Part(5, 10, 5 * 1024L, 10 * 1024L));
        }

        assertThat(notATerminal.toString()).isEmpty();
    }
}
