package org.expertgrid.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Iterator;
import java.util.List;
import org.expertgrid.cluster.options.DeploymentProgress;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void drawsHowFarItIsAndDisappears() {
        StringWriter terminal = new StringWriter();
        try (Progress progress = Progress.to(new PrintWriter(terminal), "Deploying", System::nanoTime)) {
            progress.deployed(new DeploymentProgress.Part(5, 10, 5 * 1024L, 10 * 1024L));
            assertThat(terminal.toString())
                    .startsWith("\r")
                    .endsWith("Deploying [" + "#".repeat(15) + ".".repeat(15) + "] 5 of 10 experts, 5.0 KB of 10.0 KB");
            progress.deployed(new DeploymentProgress.Part(10, 10, 10 * 1024L, 10 * 1024L));
        }

        assertThat(terminal.toString())
                .contains("[" + "#".repeat(30) + "] 10 of 10")
                .endsWith("\r\u001b[K");
    }

    @Test
    void theRateIsThatSinceTheFirstExpert() {
        StringWriter terminal = new StringWriter();
        Iterator<Long> seconds = List.of(20L, 22L).iterator();
        try (Progress progress =
                Progress.to(new PrintWriter(terminal), "Deploying", () -> seconds.next() * 1_000_000_000)) {
            progress.deployed(new DeploymentProgress.Part(1, 9, 1024L, 9 * 1024L));
            progress.deployed(new DeploymentProgress.Part(5, 9, 5 * 1024L, 9 * 1024L));

            assertThat(terminal.toString()).endsWith(", 5.0 KB of 9.0 KB, 2.0 KB/s, 2 s left");
        }
    }

    @Test
    void drawsNothingWithoutATerminal() {
        StringWriter notATerminal = new StringWriter();
        try (Progress progress = Progress.onTerminal(new PrintWriter(notATerminal), "Deploying")) {
            progress.deployed(new DeploymentProgress.Part(5, 10, 5 * 1024L, 10 * 1024L));
        }

        assertThat(notATerminal.toString()).isEmpty();
    }
}
