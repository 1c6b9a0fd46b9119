package org.expertgrid.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.expertgrid.checkpoints.npy.NpyFile;
import org.expertgrid.cli.CommandRun;
import org.expertgrid.cli.seed.Comparison;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.experts.layers.SimpleMoe;
import org.expertgrid.experts.numpy.NamedRandomStates;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
public class ForwardCommandTest {
    private static final String SMALL =
            "forward --embedded --json --batch 33 --input-dim 17 --hidden-dim 29 --output-dim 12"
                    + " --experts 5 --topk 3 --ranks 4";
    private static final MoeShape SHAPE = new MoeShape(17, 29, 12, 5);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "FLOAT64, 1, concat, 1e-12",
        "FLOAT64, 3, reduce, 1e-12",
        "FLOAT32, 2, reduce, 1e-5",
        "FLOAT32, 2, CONCAT, 1e-5"
    })
    void theResultIsThatOfSimpleMoeOnTheSeedsRowsAndWeights(
            ElementType type, int members, String exchange, double tolerance) {
        Path saved = folder.resolve("y.npy");
        CommandRun run = CommandRun.of(
                SMALL, "--members", members, "--element", type, "--exchange", exchange, "--save-output", saved);

        Matrix y = NpyFile.read(saved);
        assertThat(y.elementType()).isEqualTo(type);
        assertThat(y.rows()).isEqualTo(33);
        assertThat(y.columns()).isEqualTo(12);
        assertSame(y, expected(seedRows(type), weights(type)), tolerance);
        Map<String, Object> json = run.json();
        assertThat(json)
                .containsOnlyKeys(
                        "deploy_ms",
                        "rows",
                        "output_sum",
                        "forward_ms",
                        "members",
                        "ranks",
                        "bytes_primary",
                        "bytes_backup",
                        "bytes_packed")
                .containsEntry("rows", 33)
                .containsEntry("members", members)
                .containsEntry("ranks", 4);
        assertThat((double) json.get("output_sum")).isEqualTo(Comparison.sum(y));
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void rowsAndRoutingCanBeKept() throws IOException {
        Path rows = folder.resolve("x.npy");
        Path saved = folder.resolve("routing.json");
        CommandRun.of(SMALL, "--members", 1, "--save-input", rows, "--save-routing", saved);

        Matrix x = NpyFile.read(rows);
        assertThat(x).isEqualTo(seedRows(ElementType.FLOAT64));
        Routing routing = new Router(weights(ElementType.FLOAT64).router(), RouterRule.seed(3)).route(x);
        Map<String, Object> json = CommandRun.parse(Files.readString(saved));
        assertThat(json).containsOnlyKeys("indices", "gates");
        List<?> indices = (List<?>) json.get("indices");
        List<?> gates = (List<?>) json.get("gates");
        assertThat(indices).hasSize(33);
        for (int row = 0; row < 33; row++) {
            int i = row;
            assertThat(indices.get(row))
                    .isEqualTo(IntStream.range(0, 3)
                            .mapToObj(k -> routing.index(i, k))
                            .toList());
            assertThat(gates.get(row))
                    .isEqualTo(IntStream.range(0, 3)
                            .mapToObj(k -> routing.gate(i, k))
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT64, FLOAT64", "FLOAT64, FLOAT32", "FLOAT32, FLOAT64"})
    void givenRowsOfEitherTypeAreUsedInTheModelsType(ElementType ofFile, ElementType ofModel) {
        Matrix x = new NamedRandomStates().current().randn(5, 17).to(ofFile);
        NpyFile.write(folder.resolve("x.npy"), x);
        CommandRun run = CommandRun.of(
                "forward --embedded --json --input-dim 17 --hidden-dim 29 --output-dim 12 --experts 5 --topk 3 --ranks 4",
                "--element",
                ofModel,
                "--input",
                folder.resolve("x.npy"),
                "--save-output",
                folder.resolve("y.npy"));

        assertThat(run.json()).containsEntry("rows", 5);
        assertSame(
                NpyFile.read(folder.resolve("y.npy")),
                expected(x.to(ofModel), weights(ofModel)),
                Agreement.tolerance(ofModel));
    }

    @Test
    void givenWeightsBringTheirSizesAndTypeAlong() {
        MoeWeights weights = weights(ElementType.FLOAT32);
        write(weights, folder);
        CommandRun run = CommandRun.of(
                "forward --embedded --json --batch 33 --topk 3 --ranks 4",
                "--weights",
                folder,
                "--save-output",
                folder.resolve("y.npy"));

        assertThat(run.json()).containsEntry("rows", 33);
        assertSame(NpyFile.read(folder.resolve("y.npy")), expected(seedRows(ElementType.FLOAT32), weights), 1e-5);
    }

    @Test
    void noRowsGiveNoRows() {
        CommandRun run = CommandRun.of(
                "forward --embedded --json --batch 0 --input-dim 3 --hidden-dim 4 --output-dim 5 --ranks 4",
                "--save-output",
                folder.resolve("y.npy"));

        assertThat(run.json()).containsEntry("rows", 0).containsEntry("output_sum", 0.0);
        assertThat(NpyFile.read(folder.resolve("y.npy"))).isEqualTo(Matrix.zeros(ElementType.FLOAT64, 0, 5));
    }

    @Test
    void peopleReadTheSame() {
        CommandRun run = CommandRun.of(SMALL.replace(" --json", ""), "--save-output", folder.resolve("y.npy"));

        assertThat(run.out())
                .containsSubsequence(
                        "33 rows, 17 -> 29 -> 12, 5 experts, top 3, float64; 3 members, 4 ranks",
                        "forward",
                        "ms",
                        "output sum   -65.866",
                        "written      " + folder.resolve("y.npy"));
    }

    /** Writes weights as {@code --weights} reads them. */
    static void write(MoeWeights weights, Path folder) {
        write(new LinearWeights(weights.router().weight(), weights.router().bias()), folder, "router");
        for (int e = 0; e < weights.shape().experts(); e++) {
            ExpertWeights expert = weights.expert(e);
            write(expert.fc1(), folder, "expert" + e + ".fc1");
            write(expert.fc2(), folder, "expert" + e + ".fc2");
        }
    }

    private static void write(LinearWeights layer, Path folder, String name) {
        NpyFile.write(folder.resolve(name + ".weight.npy"), layer.weight().toMatrix());
        NpyFile.write(folder.resolve(name + ".bias.npy"), layer.bias());
    }

    private static MoeWeights weights(ElementType type) {
        return MoeWeights.random(SHAPE, type, new NamedRandomStates()).inMemory();
    }

    private static Matrix seedRows(ElementType type) {
        try (NamedRandomStates.Scope testing = new NamedRandomStates().enter("testing")) {
            return testing.randomState().randn(33, 17).to(type);
        }
    }

    private static Matrix expected(Matrix x, MoeWeights weights) {
        return new SimpleMoe(weights, 3, KernelsChoice.best()).forward(x);
    }

    public static void assertSame(Matrix actual, Matrix expected, double tolerance) {
        assertThat(Agreement.ofScale(actual, expected)).isLessThanOrEqualTo(tolerance);
    }
}
