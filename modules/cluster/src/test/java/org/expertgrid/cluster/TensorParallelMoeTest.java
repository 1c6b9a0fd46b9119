package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class TensorParallelMoeTest {
    private static EmbeddedCluster cluster;
    private static HazelcastInstance client;

    @BeforeAll
    static void startMembersAndAClient() {
        cluster = EmbeddedCluster.start(3);
        client = cluster.connect();
    }

    @AfterAll
    static void stopThem() {
        client.shutdown();
        cluster.close();
    }

    @AfterEach
    void everyTestRemovesItsModels() {
        assertThat(cluster.member(0).getMap(GridNames.MODELS).size()).isZero();
        assertThat(cluster.member(0).getMap(GridNames.SHARDS).size()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void aModelDeployedByAMemberAnswersAClient(ElementType type) {
        MoeWeights weights = Models.weights(type);
        Matrix x = Models.rows(33, type);
        Matrix expected = Models.expected(weights, Models.TOP_K, x);
        try (TensorParallelMoe deployed = deploy(cluster.member(0), "ranker", weights);
                TensorParallelMoe connected = TensorParallelMoe.connect(client, "ranker")) {
            assertThat(connected.forward(x)).isEqualTo(expected);
            assertThat(deployed.forward(x)).isEqualTo(expected);
            assertThat(connected.shape()).isEqualTo(Models.SHAPE);
            assertThat(connected.elementType()).isEqualTo(type);
            assertThat(connected.topK()).isEqualTo(Models.TOP_K);
            assertThat(connected.ranks()).isEqualTo(10);
            deployed.undeploy();
        }
    }

    @Test
    void aModelDeployedByAClientAnswersEveryMember() {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        Matrix x = Models.rows(8, ElementType.FLOAT64);
        try (TensorParallelMoe deployed = deploy(client, "ranker", weights)) {
            for (HazelcastInstance member : cluster.members()) {
                try (TensorParallelMoe connected = TensorParallelMoe.connect(member, "ranker")) {
                    assertThat(connected.forward(x)).isEqualTo(Models.expected(weights, Models.TOP_K, x));
                }
            }
            deployed.undeploy();
        }
    }

    @Test
    void anEmptyBatchGivesAnEmptyResultOfTheRightWidth() {
        try (TensorParallelMoe moe = deploy(client, "ranker", Models.weights(ElementType.FLOAT32))) {
            Matrix y = moe.forward(Models.rows(0, ElementType.FLOAT32));
            assertThat(y.rows()).isZero();
            assertThat(y.columns()).isEqualTo(12);
            assertThat(y.elementType()).isEqualTo(ElementType.FLOAT32);
            moe.undeploy();
        }
    }

    @Test
    void topKBeyondTheNumberOfExpertsMeansAll() {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        Matrix x = Models.rows(6, ElementType.FLOAT64);
        try (TensorParallelMoe moe = TensorParallelMoe.builder(weights)
                .topK(99)
                .ranks(3)
                .exchange(Exchange.CONCAT)
                .deploy(client, "ranker")) {
            assertThat(moe.topK()).isEqualTo(5);
            assertThat(moe.forward(x)).isEqualTo(Models.expected(weights, 5, x));
            moe.undeploy();
        }
    }

    @Test
    void notANumberStaysInItsRow() {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        double[] values = Models.rows(4, ElementType.FLOAT64).toDoubleArray();
        values[17] = Double.NaN;
        values[2 * 17 + 5] = Double.POSITIVE_INFINITY;
        Matrix x = Matrix.wrap(4, 17, values);
        try (TensorParallelMoe moe = deploy(client, "ranker", weights)) {
            Matrix y = moe.forward(x);
            assertThat(y).isEqualTo(Models.expected(weights, Models.TOP_K, x));
            assertThat(y.get(1, 0)).isNaN();
            assertThat(y.get(0, 0)).isFinite();
            moe.undeploy();
        }
    }

    @Test
    void asynchronousForwardsGiveTheSame() {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        try (TensorParallelMoe moe = deploy(client, "ranker", weights)) {
            List<CompletableFuture<Matrix>> answers = new ArrayList<>();
            for (int rows = 0; rows < 20; rows++) {
                answers.add(moe.forwardAsync(Models.rows(rows, ElementType.FLOAT64)));
            }
            for (int rows = 0; rows < 20; rows++) {
                Matrix x = Models.rows(rows, ElementType.FLOAT64);
                assertThat(answers.get(rows).join()).isEqualTo(Models.expected(weights, Models.TOP_K, x));
            }
            moe.undeploy();
            CompletableFuture<Matrix> gone = moe.forwardAsync(Models.rows(1, ElementType.FLOAT64));
            assertThatThrownBy(gone::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(ModelNotFoundException.class);
        }
    }

    @Test
    void manyThreadsAtOnceAreSafe() {
        MoeWeights weights = Models.weights(ElementType.FLOAT32);
        Matrix x = Models.rows(50, ElementType.FLOAT32);
        Matrix expected = Models.expected(weights, Models.TOP_K, x);
        try (TensorParallelMoe ofMember = deploy(cluster.member(1), "ranker", weights);
                TensorParallelMoe ofClient = TensorParallelMoe.connect(client, "ranker")) {
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            for (int caller = 0; caller < 8; caller++) {
                TensorParallelMoe moe = caller % 2 == 0 ? ofMember : ofClient;
                callers.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 10; i++) {
                                assertThat(moe.forward(x)).isEqualTo(expected);
                            }
                        },
                        task -> new Thread(task).start()));
            }
            callers.forEach(CompletableFuture::join);
            ofMember.undeploy();
        }
    }

    @Test
    void severalModelsLiveSideBySide() {
        MoeWeights doubles = Models.weights(ElementType.FLOAT64);
        MoeWeights floats = Models.weights(ElementType.FLOAT32);
        try (TensorParallelMoe first = deploy(client, "olmoe/0", doubles);
                TensorParallelMoe second = deploy(client, "olmoe/1", floats)) {
            Matrix x = Models.rows(5, ElementType.FLOAT64);
            Matrix x32 = x.to(ElementType.FLOAT32);
            assertThat(first.forward(x)).isEqualTo(Models.expected(doubles, Models.TOP_K, x));
            assertThat(second.forward(x32)).isEqualTo(Models.expected(floats, Models.TOP_K, x32));
            first.undeploy();
            assertThat(second.forward(x32)).isEqualTo(Models.expected(floats, Models.TOP_K, x32));
            second.undeploy();
        }
    }

    @Test
    void aNameCanBeTakenAnewAndOldHandlesSayThatTheirModelIsGone() {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        Matrix x = Models.rows(2, ElementType.FLOAT64);
        try (TensorParallelMoe old = deploy(client, "ranker", weights)) {
            old.undeploy();
            try (TensorParallelMoe anew = deploy(client, "ranker", weights)) {
                assertThatThrownBy(() -> old.forward(x))
                        .isInstanceOf(ModelNotFoundException.class)
                        .hasMessageContaining("'ranker'");
                assertThat(anew.forward(x)).isEqualTo(Models.expected(weights, Models.TOP_K, x));
                old.undeploy();
                assertThat(anew.forward(x)).isEqualTo(Models.expected(weights, Models.TOP_K, x));
                anew.undeploy();
            }
        }
    }

    @Test
    void aClosedHandleRefusesAndTheModelStays() {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        Matrix x = Models.rows(2, ElementType.FLOAT64);
        TensorParallelMoe closed = deploy(client, "ranker", weights);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.forward(x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        try (TensorParallelMoe open = TensorParallelMoe.connect(client, "ranker")) {
            assertThat(open.forward(x)).isEqualTo(Models.expected(weights, Models.TOP_K, x));
            open.undeploy();
        }
    }

    @Test
    void rowsOfTheWrongWidthOrTypeAreRefusedBeforeAnythingIsSent() {
        try (TensorParallelMoe moe = deploy(client, "ranker", Models.weights(ElementType.FLOAT64))) {
            assertThatThrownBy(() -> moe.forward(Models.rows(2, 16, ElementType.FLOAT32)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("x.columns: 16 (expected: the layer's input width 17)")
                    .hasMessageContaining("x.elementType: FLOAT32 (expected: FLOAT64");
            moe.undeploy();
        }
    }

    private static TensorParallelMoe deploy(HazelcastInstance hazelcast, String name, MoeWeights weights) {
        return TensorParallelMoe.builder(weights)
                .topK(Models.TOP_K)
                .ranks(10)
                .exchange(Exchange.CONCAT)
                .deploy(hazelcast, name);
    }
}
