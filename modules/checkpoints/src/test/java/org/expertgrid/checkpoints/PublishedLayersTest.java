package org.expertgrid.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.expertgrid.checkpoints.safetensors.Tensor;
import org.expertgrid.checkpoints.safetensors.TensorType;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.layers.Layer;
import org.expertgrid.experts.layers.SimpleMoe;
import org.expertgrid.experts.routing.Router;
import org.expertgrid.experts.routing.Routing;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.ExpertMatrix;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.WeightFormat;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every MoE layer of every tiny checkpoint, against what transformers' own code computed from the same files. */
class PublishedLayersTest {
    private static final double TOLERANCE = 1e-5;
    private static final ExecutorService POOL = Executors.newSingleThreadExecutor();

    @AfterAll
    static void stopThreads() {
        POOL.shutdown();
    }

    static Stream<Arguments> layers() throws IOException {
        List<Arguments> layers = new ArrayList<>();
        for (String name : FamilyFolders.names()) {
            for (int layer :
                    Checkpoint.open(FamilyFolders.folder(name)).moeLayers().moeLayers()) {
                layers.add(Arguments.of(name, layer));
            }
        }
        return layers.stream();
    }

    private static Tensors golden(String name) {
        return Tensors.ofFile(FamilyFolders.folder(name).resolve("golden.safetensors"));
    }

    /** Returns a golden tensor as a matrix with a row for each token. */
    private static Matrix rows(Tensor tensor) {
        int columns = Math.toIntExact(tensor.shape().get(tensor.shape().size() - 1));
        int rows = Math.toIntExact(tensor.bytes() / tensor.type().bytes() / columns);
        return Matrix.getFrom(tensor.read(), ElementType.FLOAT64, rows, columns);
    }

    private static MoeWeights weights(String name, int layer) {
        return Checkpoint.open(FamilyFolders.folder(name)).layer(layer);
    }

    @Test
    void thereAreTwentyCheckpointsAndTheirMoeLayersAreThoseWithAGoldenResult() throws IOException {
        assertThat(FamilyFolders.names()).hasSize(20);
        for (String name : FamilyFolders.names()) {
            Tensors golden = golden(name);
            Checkpoint checkpoint = Checkpoint.open(FamilyFolders.folder(name));
            List<Integer> expected = IntStream.range(0, checkpoint.moeLayers().layers())
                    .filter(layer -> golden.find("layer." + layer + ".moe.out").isPresent())
                    .boxed()
                    .toList();
            assertThat(checkpoint.moeLayers().moeLayers()).as(name).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void everyLayerAgreesWithTheGoldenResult(String name, int layer) {
        MoeWeights weights = weights(name, layer);
        Matrix x = rows(golden(name).get("layer." + layer + ".moe.in")).to(weights.elementType());
        Matrix expected = rows(golden(name).get("layer." + layer + ".moe.out"));
        for (Kernels kernels : List.of(KernelsChoice.named("plain"), KernelsChoice.best())) {
            for (Layer moe : List.of(
                    new SimpleMoe(weights, kernels), new BatchedMoe(weights, kernels, ThreadTeam.of(POOL, 2)))) {
                assertThat(Agreement.ofScale(moe.forward(x), expected))
                        .as(
                                "%s of %s, layer %d, %s kernels",
                                moe.getClass().getSimpleName(), name, layer, kernels.name())
                        .isLessThanOrEqualTo(TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void everyRowGoesToTheExpertsOfTheGoldenResult(String name, int layer) {
        MoeWeights weights = weights(name, layer);
        Tensors golden = golden(name);
        Matrix x = rows(golden.get("layer." + layer + ".moe.in")).to(weights.elementType());
        Routing routing = new Router(weights.router(), weights.rule()).route(x);
        for (int row = 0; row < x.rows(); row++) {
            List<Integer> chosen = new ArrayList<>();
            for (int k = 0; k < routing.topK(); k++) {
                chosen.add(routing.index(row, k));
            }
            assertThat(chosen)
                    .as("row %d", row)
                    .containsExactlyInAnyOrderElementsOf(expected(golden, layer, weights, row));
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void theFormatOfEveryMatrixIsKnownBeforeItIsRead(String name, int layer) {
        MoeWeights weights = weights(name, layer);
        for (int e = 0; e < weights.shape().allExperts(); e++) {
            ExpertWeights expert = weights.expert(e);
            for (ExpertMatrix matrix : expert.shape().matrices()) {
                assertThat(weights.format(e, matrix.role()))
                        .isEqualTo(expert.matrix(matrix.role()).weight().format())
                        .isNotEqualTo(WeightFormat.FLOAT32);
            }
        }
    }

    /** Some families' gates return the chosen experts; of the others there are the logits that the experts are chosen by. */
    private static List<Integer> expected(Tensors golden, int layer, MoeWeights weights, int row) {
        int topK = weights.rule().topK();
        Optional<Tensor> indices = golden.names().stream()
                .filter(name -> name.startsWith("layer." + layer + ".router.out"))
                .map(golden::get)
                .filter(tensor ->
                        tensor.type() == TensorType.I64 && tensor.shape().size() == 2)
                .findFirst();
        if (indices.isPresent()) {
            long[] chosen = new long[topK];
            indices.get().read().asLongBuffer().get(row * topK, chosen);
            return LongStream.of(chosen).mapToObj(Math::toIntExact).toList();
        }
        double[] scores = rows(golden.get("layer." + layer + ".moe.out1"))
                .rowRange(row, row + 1)
                .toDoubleArray();
        double[] choiceBias = weights.router().choiceBias().toDoubleArray();
        double sum = DoubleStream.of(scores).map(Math::exp).sum();
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(e -> -(Math.exp(scores[e]) / sum + choiceBias[e])))
                .limit(topK)
                .toList();
    }
}
