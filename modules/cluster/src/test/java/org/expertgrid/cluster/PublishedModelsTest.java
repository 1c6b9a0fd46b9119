package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.expertgrid.checkpoints.Checkpoint;
import org.expertgrid.checkpoints.FamilyFolders;
import org.expertgrid.checkpoints.safetensors.Tensor;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.status.ModelStatus;
import org.expertgrid.experts.layers.Agreement;
import org.expertgrid.experts.layers.BatchedMoe;
import org.expertgrid.experts.threads.ThreadTeam;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every MoE layer of every tiny checkpoint, over a cluster, against what transformers' own code computed from the same files. */
@Tag("slow")
class PublishedModelsTest {
    private static final double TOLERANCE = 1e-5;
    private static final int UNEVEN_RANKS = 5;

    private static EmbeddedCluster cluster;

    @BeforeAll
    static void start() {
        cluster = EmbeddedCluster.start(3);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    static Stream<String> names() throws IOException {
        return FamilyFolders.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyLayerAgreesWithTheGoldenResultAndHasTheBitsOfOneJvm(String name) {
        assertModel(name, Exchange.CONCAT, 3);
        assertModel(name, Exchange.REDUCE, UNEVEN_RANKS);
    }

    @ParameterizedTest
    @MethodSource("names")
    @Tag("nightly")
    void theSameWithOtherRanks(String name) {
        assertModel(name, Exchange.CONCAT, UNEVEN_RANKS);
        assertModel(name, Exchange.REDUCE, 3);
        assertModel(name, Exchange.CONCAT, 1);
        assertModel(name, Exchange.REDUCE, 1);
    }

    private static void assertModel(String name, Exchange exchange, int ranks) {
        Checkpoint checkpoint = Checkpoint.open(FamilyFolders.folder(name));
        Map<Integer, MoeWeights> layers = new TreeMap<>();
        checkpoint.moeLayers().moeLayers().forEach(layer -> layers.put(layer, checkpoint.layer(layer)));
        HazelcastInstance member = cluster.member(0);
        new ModelDeployment("tiny", layers).ranks(ranks).exchange(exchange).deploy(member, name);
        ModelStatus status = Connection.of(member).status().models().get(0);
        assertThat(status.family()).isEqualTo("tiny");
        assertThat(status.layers()).extracting(ModelStatus.Layer::index).containsExactlyElementsOf(layers.keySet());
        layers.forEach((layer, weights) -> assertLayer(name, layer, weights, exchange, ranks));
        TensorParallelMoe.undeploy(member, name);
        assertThat(member.getMap(GridNames.SHARDS).size()).isZero();
        assertThat(member.getMap(GridNames.ROUTERS).size()).isZero();
    }

    private static void assertLayer(String name, int layer, MoeWeights weights, Exchange exchange, int ranks) {
        Tensors golden = Tensors.ofFile(FamilyFolders.folder(name).resolve("golden.safetensors"));
        Matrix x = rows(golden.get("layer." + layer + ".moe.in")).to(weights.elementType());
        Matrix expected = rows(golden.get("layer." + layer + ".moe.out"));
        ThreadTeam team = ThreadTeam.of(ForkJoinPool.commonPool(), 2);
        int ranksOfBits = exchange == Exchange.CONCAT ? 1 : ranks;
        Matrix bits = new BatchedMoe(weights, KernelsChoice.best(), team, ranksOfBits).forward(x);
        try (TensorParallelMoe moe = TensorParallelMoe.connect(cluster.member(1), name + "/" + layer)) {
            Matrix y = moe.forward(x);
            assertThat(Agreement.ofScale(y, expected))
                    .as("%s, layer %d, %s, %d ranks", name, layer, exchange, ranks)
                    .isLessThanOrEqualTo(TOLERANCE);
            assertThat(y)
                    .as("%s, layer %d, %s, %d ranks", name, layer, exchange, ranks)
                    .isEqualTo(bits);
            assertThat(moe.forward(x.rowRange(1, 2))).isEqualTo(y.rowRange(1, 2));
        }
    }

    /** Returns a golden tensor as a matrix with a row for each token. */
    private static Matrix rows(Tensor tensor) {
        int columns = Math.toIntExact(tensor.shape().get(tensor.shape().size() - 1));
        int rows = Math.toIntExact(tensor.bytes() / tensor.type().bytes() / columns);
        return Matrix.getFrom(tensor.read(), ElementType.FLOAT64, rows, columns);
    }
}
