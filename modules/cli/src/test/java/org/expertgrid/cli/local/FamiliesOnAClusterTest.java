package org.expertgrid.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.decoder.DecoderOptions;
import org.expertgrid.decoder.batching.BatchLimits;
import org.expertgrid.decoder.generation.LanguageModel;
import org.expertgrid.decoder.sampling.Sampling;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models of all families with their experts on a cluster compute what transformers computes. */
@Tag("slow")
class FamiliesOnAClusterTest {
    private static final Path FAMILIES = Path.of("..", "checkpoints", "src", "test", "resources", "families");
    private static final int RANKS = 3;
    private static final double TOLERANCE = 1e-5;

    private static EmbeddedCluster cluster;

    @BeforeAll
    static void startMembers() {
        cluster = EmbeddedCluster.start(2);
    }

    @AfterAll
    static void endMembers() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dbrx",
                "deepseek_v2",
                "deepseek_v2-lite",
                "deepseek_v3",
                "ernie4_5_moe",
                "glm4_moe",
                "gpt_oss",
                "gpt_oss-mxfp4",
                "granitemoe",
                "granitemoeshared",
                "llama4_text",
                "mixtral",
                "mixtral-sliding",
                "olmoe",
                "olmoe-clip",
                "phimoe",
                "qwen2_moe",
                "qwen3_moe",
                "qwen3_moe-fp8"
            })
    void logitsAgreeAndGreedyTokensAreTheSame(String family) {
        Path folder = FAMILIES.resolve(family);
        Tensors golden = Tensors.ofFile(folder.resolve("golden.safetensors"));
        int[][] prompts = ids(golden, "input_ids");
        int[][] answers = ids(golden, "generated_ids");
        Checkpoint checkpoint = Checkpoint.open(folder);
        Map<Integer, MoeWeights> weights = new TreeMap<>();
        checkpoint.moeLayers().moeLayers().forEach(layer -> weights.put(layer, checkpoint.layer(layer)));
        try (ExpertGrid grid = ExpertGrid.deploy(cluster.connection(), checkpoint, family, weights, RANKS, part -> {});
                LanguageModel model = LanguageModel.open(
                        checkpoint, DecoderOptions.defaults().withExpertLayers(grid::layer), BatchLimits.DEFAULT)) {
            for (int s = 0; s < prompts.length; s++) {
                Matrix logits = model.logits(prompts[s]);
                assertThat(error(logits, golden, s)).as("sequence " + s).isLessThan(TOLERANCE);
                Sampling greedy = Sampling.builder()
                        .temperature(0)
                        .ignoreEnd(true)
                        .maxTokens(answers[s].length)
                        .build();
                assertThat(model.generate(prompts[s], greedy, piece -> {}).ids())
                        .as("sequence " + s)
                        .isEqualTo(answers[s]);
            }
        }
    }

    private static int[][] ids(Tensors golden, String name) {
        ByteBuffer stored = golden.get(name).read();
        int sequences = Math.toIntExact(golden.get(name).shape().get(0));
        int[][] ids = new int[sequences][stored.remaining() / Long.BYTES / sequences];
        for (int[] sequence : ids) {
            Arrays.setAll(sequence, i -> (int) stored.getLong());
        }
        return ids;
    }

    /** Returns the largest difference from the golden logits, relative to the largest magnitude of a golden logit. */
    private static double error(Matrix logits, Tensors golden, int sequence) {
        ByteBuffer stored = golden.get("logits").read();
        double[] found = logits.toDoubleArray();
        double scale = Double.MIN_NORMAL;
        double worst = 0;
        for (int i = 0; i < found.length; i++) {
            double expected = stored.getDouble((sequence * found.length + i) * Double.BYTES);
            scale = Math.max(scale, Math.abs(expected));
            double difference = Math.abs(expected - found[i]);
            worst = difference <= worst ? worst : difference; // keeps a NaN
        }
        return worst / scale;
    }
}
