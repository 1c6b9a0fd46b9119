package org.expertgrid.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.expertgrid.cli.CommandRun;
import org.expertgrid.cli.local.ClusterFolder;
import org.expertgrid.cluster.local.LocalCluster;
import org.expertgrid.cluster.local.MemberProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say about a model that the members hold together, and that they would not hold with one member less. */
@Tag("slow")
class RoomForALossTest {
    private static final String WARNING = "⚠ with one member less, each of the others would hold ";
    private static final String SHAPE = "--input-dim 1000 --hidden-dim 1000 --output-dim 1000";

    @TempDir
    private Path folder;

    @AfterEach
    void endLeftovers() {
        new ClusterFolder(folder).cluster().ifPresent(LocalCluster::close);
    }

    @Test
    void aMemberWhoseWeightsTheOthersCannotTakeLeavesWithoutEndingThem() {
        assertThat(run("cluster start 2 --heap 128m --backups 0").exitCode()).isZero();

        CommandRun deployed = run("deploy big " + SHAPE + " --experts 5 --ranks 4");

        assertThat(deployed.exitCode()).as(deployed.err()).isZero();
        assertThat(deployed.out()).doesNotContain("⚠");
        assertThat(deployed.err().lines().filter(line -> line.startsWith(WARNING)))
                .hasSize(1);
        assertThat(run("cluster status").out()).contains(WARNING);
        run("cluster stop --member 2")
                .assertRefused(
                        "the others have no room for the weights of that member", "MB (expected: at most 64 MB)");
        List<MemberProcess> members =
                new ClusterFolder(folder).cluster().orElseThrow().members();

        members.get(1).stop();

        assertThat(members.get(1).log()).content().contains("leaves without handing its weights over");
        assertThat((List<?>) run("cluster status --json").json().get("members")).hasSize(1);
        CommandRun forward = run("forward --cluster --model big --batch 1");
        assertThat(forward.exitCode()).isEqualTo(3);
        assertThat(forward.err()).contains("no member and no store has layer 0");
        assertThat(run("undeploy big").exitCode()).isZero();
        assertThat(run("deploy small " + SHAPE + " --experts 1 --ranks 4").exitCode())
                .isZero();
    }

    private CommandRun run(String command) {
        return CommandRun.of(command, "--folder", folder);
    }
}
