package org.expertgrid.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.expertgrid.checkpoints.npy.NpyFile;
import org.expertgrid.checkpoints.safetensors.Tensor;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.cli.CommandRun;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that take a checkpoint, on a cluster that is named by its address. */
@Tag("slow")
class CheckpointCommandTest {
    private static final Path FAMILIES = Path.of("../checkpoints/src/test/resources/families");
    private static final Path OLMOE = FAMILIES.resolve("olmoe");

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
    void theLayersOfACheckpointAreOneModelThatAnswersByLayerAndIsRemovedAsOne() {
        assertThat(there("deploy first --ranks 3 --json --checkpoint " + OLMOE).json())
                .containsEntry("family", "olmoe")
                .containsEntry("layers", List.of(0, 1))
                .containsEntry("stored", "bf16");
        assertThat(there("deploy second --layers 1 --weights-as int8 --json --checkpoint " + OLMOE)
                        .json())
                .containsEntry("layers", List.of(1))
                .containsEntry("stored", "int8")
                .containsKey("narrowing");

        assertGolden("first", 0);
        assertGolden("first", 1);
        assertThat(there("cluster status").out())
                .contains("model first: olmoe, 2 layers of 64 -> 40 -> 64, 8 experts, top 2, bf16")
                .contains("model second: olmoe, 64 -> 40 -> 64, 8 experts, top 2, int8")
                .contains("without any one member, the others would serve it");

        there("undeploy first/1").assertRefused("model 'first/1': not deployed");
        assertThat(there("undeploy first").exitCode()).isZero();
        there("forward --model first/1").assertRefused("model 'first/1': not deployed");
        assertThat(modelNames()).containsExactly("second");
        assertThat(there("forward --batch 3 --model second/1").exitCode()).isZero();
        there("undeploy second");
    }

    private void assertGolden(String model, int layer) {
        Tensors golden = Tensors.ofFile(OLMOE.resolve("golden.safetensors"));
        Path x = folder.resolve("x.npy");
        Path y = folder.resolve("y.npy");
        NpyFile.write(x, rows(golden.get("layer." + layer + ".moe.in")));
        CommandRun run = there("forward --model " + model + "/" + layer + " --input " + x + " --save-output " + y);
        assertThat(run.exitCode()).as(run.err()).isZero();
        Matrix expected = rows(golden.get("layer." + layer + ".moe.out"));
        ForwardCommandTest.assertSame(NpyFile.read(y).to(ElementType.FLOAT64), expected, 1e-5);
    }

    private static Matrix rows(Tensor tensor) {
        int columns = Math.toIntExact(tensor.shape().get(tensor.shape().size() - 1));
        int rows = Math.toIntExact(tensor.bytes() / tensor.type().bytes() / columns);
        return Matrix.getFrom(tensor.read(), ElementType.FLOAT64, rows, columns);
    }

    @Test
    void layersThatACheckpointLacksAreRefusedBeforeAnythingIsDeployed() throws IOException {
        Path noConfig = Files.createDirectory(folder.resolve("no-config"));
        Path file = Files.writeString(folder.resolve("file"), "text");
        Path dense = FAMILIES.resolve("qwen3_moe");

        deploy(OLMOE, "--layers 0,7").assertRefused("layer: 7 (expected: one of the MoE layers of the checkpoint");
        deploy(OLMOE, "--layers 1-0").assertRefused("--layers: 1-0 (expected: numbers and ascending ranges");
        deploy(OLMOE, "--layers one").assertRefused("--layers: one (expected: numbers and ascending ranges");
        deploy(dense, "--layers 0").assertRefused("layer: 0 (expected: one of the MoE layers of the checkpoint");
        deploy(OLMOE, "--weights-as int3").assertRefused("--weights-as: int3 (expected: stored, float32, bf16");
        deploy(noConfig, "").assertRefused(noConfig.toString(), "config.json");
        deploy(file, "").assertRefused(file.toString());
        deploy(folder.resolve("absent"), "")
                .assertRefused(folder.resolve("absent").toString());
        assertThat(modelNames()).isEmpty();
    }

    @Test
    void aTensorThatIsMissingIsNamedBeforeAnythingIsDeployed() throws IOException {
        try (Stream<Path> files = Files.list(OLMOE)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path index = folder.resolve("model.safetensors.index.json");
        String removed = "model.layers.1.mlp.experts.5.up_proj.weight";
        Files.writeString(index, Files.readString(index).replaceAll("\"" + removed + "\": \"[^\"]*\",", ""));

        deploy(folder, "").assertRefused(removed);
        assertThat(modelNames()).isEmpty();
    }

    private static CommandRun deploy(Path checkpoint, String options) {
        return there("deploy refused --checkpoint " + checkpoint + " " + options);
    }

    private static List<String> modelNames() {
        List<?> models = (List<?>) there("cluster status --json").json().get("models");
        return models.stream()
                .map(model -> (String) ((Map<?, ?>) model).get("name"))
                .toList();
    }

    private static CommandRun there(String command) {
        String addresses =
                String.join(",", cluster.clientConfig().getNetworkConfig().getAddresses());
        return CommandRun.of(command.strip() + " --cluster-name " + cluster.name() + " --address " + addresses);
    }
}
