package org.expertgrid.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.expertgrid.checkpoints.npy.NpyFile;
import org.expertgrid.cli.CommandRun;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.experts.layers.SimpleMoe;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a cluster that is named by its address. */
@Tag("slow")
class DeployCommandTest {
    private static final String SHAPE =
            " --input-dim 17 --hidden-dim 29 --output-dim 12 --experts 5 --topk 3 --ranks 4";

    private static EmbeddedCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startMembers() {
        cluster = EmbeddedCluster.start(2);
    }

    @AfterAll
    static void endMembers() {
        cluster.close();
    }

    @Test
    void aModelIsDeployedUsedShownAndRemoved() {
        Map<String, Object> deployed = there("deploy ranker --json" + SHAPE).json();
        assertThat(deployed)
                .containsEntry("name", "ranker")
                .containsEntry("members", 2)
                .containsEntry("ranks", 4)
                .containsEntry("topk", 3)
                .containsEntry("ready", true)
                .containsKeys("deploy_ms", "bytes_by_rank");
        assertThat((Map<?, ?>) deployed.get("ranks_by_member")).hasSize(2);

        Path saved = folder.resolve("y.npy");
        CommandRun forward = there("forward --model ranker --batch 33 --json --save-output " + saved);
        assertThat(forward.json())
                .containsEntry("rows", 33)
                .containsEntry("members", 2)
                .containsEntry("ranks", 4);
        SeedModel seed = new SeedModel();
        ForwardCommandTest.assertSame(NpyFile.read(saved), seed.output(33), 1e-12);

        assertThat(there("cluster status").out())
                .containsSubsequence("primaries", "model ranker: 17 -> 29 -> 12, 5 experts, top 3, float64", "ranks ");
        Map<String, Object> status = there("cluster status --json").json();
        assertThat((List<?>) status.get("members")).hasSize(2);
        assertThat((List<?>) status.get("models")).hasSize(1);

        assertThat(there("undeploy ranker --json").json()).containsEntry("undeployed", "ranker");
        assertThat((List<?>) there("cluster status --json").json().get("models"))
                .isEmpty();
        there("forward --model ranker").assertRefused("model 'ranker': not deployed");
    }

    @Test
    void aFolderOfWeightsIsDeployed() {
        MoeWeights weights = MoeWeights.random(new MoeShape(3, 6, 4, 2), ElementType.FLOAT32, new NamedRandomStates())
                .inMemory();
        ForwardCommandTest.write(weights, folder);
        try {
            assertThat(there("deploy files --ranks 3 --json --weights " + folder)
                            .json())
                    .containsEntry("input_dim", 3)
                    .containsEntry("hidden_dim", 6)
                    .containsEntry("output_dim", 4)
                    .containsEntry("experts", 2)
                    .containsEntry("element", "float32");
        } finally {
            there("undeploy files");
        }
    }

    @Test
    void aNameIsDeployedOnce() {
        there("deploy twice" + SHAPE);
        try {
            there("deploy twice" + SHAPE).assertRefused("model 'twice': READY already (expected: a free name");
            assertThat(there("forward --model twice --batch 1").exitCode()).isZero();
        } finally {
            there("undeploy twice");
        }
    }

    @Test
    void optionsThatTheModelContradictsAreRefusedAllAtOnce() {
        there("deploy fixed" + SHAPE);
        try {
            assertThat(there("forward --model fixed --batch 2 --members 2" + SHAPE)
                            .exitCode())
                    .isZero();
            there("forward --model fixed --input-dim 16 --topk 2 --ranks 3 --element float32")
                    .assertRefused(
                            "--input-dim: 16 (expected: 17, as model 'fixed' has it)",
                            "--topk: 2 (expected: 3",
                            "--ranks: 3 (expected: 4",
                            "--element: float32 (expected: float64");
            there("forward --model fixed --topk 20 --members 7")
                    .assertRefused(
                            "--topk: 20 (expected: 3, as model 'fixed' has it)",
                            "--members: 7 (expected: 2, as the cluster has it)");
            there("forward --model fixed --heap 1g").assertRefused("--heap: 1g (expected: not together with --cluster");
        } finally {
            there("undeploy fixed");
        }
    }

    @Test
    void moreExpertsThanThereAreMeanAllAlsoOfAModelThatExists() {
        there("deploy whole --topk 5" + SHAPE.replace(" --topk 3", ""));
        try {
            assertThat(there("forward --model whole --batch 2 --topk 20").exitCode())
                    .isZero();
        } finally {
            there("undeploy whole");
        }
    }

    @Test
    void anUnknownModelIsNamedWithThoseThereAre() {
        there("undeploy absent").assertRefused("model 'absent': not deployed (expected: ");
        there("forward --model absent").assertRefused("model 'absent': not deployed (expected: ");
    }

    @Test
    void anotherNumberOfMembersThanThereIsIsRefused() {
        there("deploy few --members 7" + SHAPE).assertRefused("--members: 7 (expected: 2, as the cluster has it)");
    }

    private static CommandRun there(String command) {
        String addresses =
                String.join(",", cluster.clientConfig().getNetworkConfig().getAddresses());
        return CommandRun.of(command + " --cluster-name " + cluster.name() + " --address " + addresses);
    }

    /** What the options of {@link #SHAPE} mean, in one JVM. */
    private static final class SeedModel {
        private final MoeWeights weights =
                MoeWeights.random(new MoeShape(17, 29, 12, 5), ElementType.FLOAT64, new NamedRandomStates());
        private final SimpleMoe moe = new SimpleMoe(weights, 3, KernelsChoice.best());

        org.expertgrid.kernels.Matrix output(int rows) {
            try (NamedRandomStates.Scope testing = new NamedRandomStates().enter("testing")) {
                return moe.forward(testing.randomState().randn(rows, 17));
            }
        }
    }
}
