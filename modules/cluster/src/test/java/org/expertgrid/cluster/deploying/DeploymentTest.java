package org.expertgrid.cluster.deploying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.Connection;
import org.expertgrid.cluster.LogLines;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.ObservedWeights;
import org.expertgrid.cluster.ShardedExpert;
import org.expertgrid.cluster.ShardedLinear;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.errors.ModelExistsException;
import org.expertgrid.cluster.errors.ModelNotFoundException;
import org.expertgrid.cluster.errors.ModelNotReadyException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.layout.ModelDefinition;
import org.expertgrid.cluster.layout.TileSizes;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.models.ModelRecord;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.status.ModelStatus;
import org.expertgrid.experts.layers.Expert;
import org.expertgrid.experts.layers.Linear;
import org.expertgrid.experts.routing.RouterRule;
import org.expertgrid.experts.routing.RouterWeights;
import org.expertgrid.experts.weights.ExpertWeights;
import org.expertgrid.experts.weights.LinearWeights;
import org.expertgrid.experts.weights.MoeShape;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Kernels;
import org.expertgrid.kernels.Matrix;
import org.expertgrid.kernels.choice.KernelsChoice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class DeploymentTest {
    private static EmbeddedCluster cluster;
    private static HazelcastInstance client;

    @BeforeAll
    static void startMembersAndAClient() {
        cluster = EmbeddedCluster.start(2);
        client = cluster.connect();
    }

    @AfterAll
    static void stopThem() {
        client.shutdown();
        cluster.close();
    }

    @Test
    void everyProblemOfABuilderIsReportedAtOnceAndNothingIsChanged() {
        MoeWeights weights = Models.weights(new MoeShape(4, 10, 6, 2), ElementType.FLOAT64);
        assertThatThrownBy(() -> TensorParallelMoe.builder(weights)
                        .topK(0)
                        .ranks(12)
                        .exchange(Exchange.CONCAT)
                        .deploy(client, " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name: ' ' (expected: not blank)")
                .hasMessageContaining("topK: 0 (expected: at least 1)")
                .hasMessageContaining("ranks: 12 (expected: at most 6, so that each rank has a part of every weight)");
        assertThatThrownBy(() -> TensorParallelMoe.builder(weights).ranks(0).deploy(client, "ranker"))
                .hasMessage("ranks: 0 (expected: at least 1)");
        assertNothingIsLeft();
    }

    @Test
    void anUnknownNameIsRefusedAndTheKnownOnesAreNamed() {
        try (TensorParallelMoe moe =
                TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64)).deploy(client, "known")) {
            assertThatThrownBy(() -> TensorParallelMoe.connect(client, "unknown"))
                    .isInstanceOf(ModelNotFoundException.class)
                    .hasMessage("model 'unknown': not deployed (expected: one of [known])");
            assertThatThrownBy(() -> TensorParallelMoe.undeploy(client, "unknown"))
                    .isInstanceOf(ModelNotFoundException.class);
            moe.undeploy();
        }
    }

    @Test
    void aNameIsDeployedOnce() {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        Matrix x = Models.rows(3, ElementType.FLOAT64);
        try (TensorParallelMoe first =
                TensorParallelMoe.builder(weights).exchange(Exchange.CONCAT).deploy(client, "ranker")) {
            assertThatThrownBy(() -> TensorParallelMoe.builder(weights).deploy(cluster.member(1), "ranker"))
                    .isInstanceOf(ModelExistsException.class)
                    .hasMessageContaining("'ranker'");
            assertThat(first.forward(x)).isEqualTo(Models.expected(weights, 1, x));
            first.undeploy();
        }
        assertNothingIsLeft();
    }

    @Test
    void aDeploymentThatFailsLeavesNothing() {
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        MoeWeights failing = new ObservedWeights(weights, expert -> {
            if (expert == 3) {
                throw new IllegalStateException("expert 3 cannot be read");
            }
        });
        assertThatThrownBy(() -> TensorParallelMoe.builder(failing).deploy(client, "ranker"))
                .hasMessage("expert 3 cannot be read");
        assertThatThrownBy(() -> TensorParallelMoe.connect(client, "ranker"))
                .isInstanceOf(ModelNotFoundException.class);
        assertNothingIsLeft();
    }

    @Test
    void weightsThatAreNotThoseOfTheirShapeAreRefusedAndNothingIsLeft() {
        MoeWeights weights = Models.weights(ElementType.FLOAT32);
        RouterWeights narrow = new RouterWeights(
                weights.router().weight().columnRange(0, 4),
                weights.router().bias().columnRange(0, 4));
        assertThatThrownBy(() -> TensorParallelMoe.builder(new Patched(weights, narrow, weights.expert(4)))
                        .deploy(client, "ranker"))
                .hasMessageMatching("router of layer 0: \\d+ x 4 \\(expected: \\d+ x 5\\)");
        ExpertWeights last = Models.weights(ElementType.FLOAT64).expert(4);
        assertThatThrownBy(() -> TensorParallelMoe.builder(new Patched(weights, weights.router(), last))
                        .deploy(client, "ranker"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 0, expert 4, fc2: FLOAT64");
        assertNothingIsLeft();
    }

    /** Weights with another router and another last expert. */
    private record Patched(MoeWeights weights, RouterWeights router, ExpertWeights last) implements MoeWeights {
        @Override
        public MoeShape shape() {
            return weights.shape();
        }

        @Override
        public ElementType elementType() {
            return weights.elementType();
        }

        @Override
        public RouterRule rule() {
            return weights.rule();
        }

        @Override
        public ExpertWeights expert(int expert) {
            return expert == shape().experts() - 1 ? last : weights.expert(expert);
        }
    }

    @Test
    void aDeploymentThatDiedHalfWayIsRefusedAndCanBeUndeployed() {
        ModelDefinition definition = Models.definition(ModelDefinition.Kind.MOE, 1, Exchange.CONCAT, 4);
        client.getMap(GridNames.MODELS).set("dead", ModelRecord.deploying(definition, new Placement(client).place(4)));
        assertThatThrownBy(() -> TensorParallelMoe.connect(client, "dead"))
                .isInstanceOf(ModelNotReadyException.class)
                .hasMessageContaining("'dead'");
        assertThat(Connection.of(client).status().models())
                .extracting(ModelStatus::ready)
                .containsExactly(false);
        TensorParallelMoe.undeploy(client, "dead");
        assertNothingIsLeft();
    }

    @Test
    void largeExpertsAreReportedOneByOne() {
        MoeWeights weights = Models.weights(new MoeShape(800, 800, 800, 3), ElementType.FLOAT64);
        List<String> told = new ArrayList<>();
        try (TensorParallelMoe moe = TensorParallelMoe.builder(weights)
                .progress(part -> told.add(part.experts() + "/" + part.ofExperts()))
                .deploy(client, "ranker")) {
            assertThat(told).containsExactly("1/3", "2/3", "3/3");
            moe.undeploy();
        }
    }

    @Test
    void eachExpertIsReadOnceInOrderAndSmallOnesAreReportedTogether() {
        List<Integer> asked = new ArrayList<>();
        MoeWeights weights = Models.weights(ElementType.FLOAT64);
        List<String> told = new ArrayList<>();
        try (TensorParallelMoe moe = TensorParallelMoe.builder(new ObservedWeights(weights, asked::add))
                .progress(part -> told.add(part.experts() + "/" + part.ofExperts()))
                .deploy(client, "ranker")) {
            assertThat(asked).containsExactly(0, 1, 2, 3, 4);
            assertThat(told).containsExactly("3/5", "5/5");
            moe.undeploy();
        }
    }

    @Test
    void aLinearLayerAndAnExpertCanBeDeployedAlone() {
        MoeWeights weights = Models.weights(ElementType.FLOAT32);
        ExpertWeights expert = weights.expert(2);
        Matrix x = Models.rows(9, ElementType.FLOAT32);
        Kernels kernels = KernelsChoice.best();
        try (ShardedLinear linear = ShardedLinear.deploy(client, "linear", expert.fc1(), 7);
                ShardedExpert whole = ShardedExpert.deploy(cluster.member(0), "expert", expert, 5);
                ShardedLinear connectedLinear = ShardedLinear.connect(cluster.member(1), "linear");
                ShardedExpert connectedExpert = ShardedExpert.connect(client, "expert")) {
            Matrix hidden = new Linear(expert.fc1(), kernels).forward(x);
            assertThat(linear.forward(x)).isEqualTo(hidden);
            assertThat(connectedLinear.forward(x)).isEqualTo(hidden);
            Matrix y = Expert.of(expert, kernels).forward(x);
            assertThat(whole.forward(x)).isEqualTo(y);
            assertThat(connectedExpert.forward(x)).isEqualTo(y);
            assertThat(linear.forward(Models.rows(0, ElementType.FLOAT32)).columns())
                    .isEqualTo(29);
            assertThatThrownBy(() -> TensorParallelMoe.connect(client, "linear"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ShardedLinear.connect");
            linear.undeploy();
            whole.undeploy();
        }
        assertThatThrownBy(() -> ShardedLinear.deploy(client, "linear", expert.fc1(), 30))
                .hasMessage("ranks: 30 (expected: at most 29, so that each rank has a part of every weight)");
        assertNothingIsLeft();
    }

    @Test
    void aPanelThatIsLargerThanATileIsRefused() {
        int inputs = TileSizes.mostInputs() + 1;
        LinearWeights narrow = zeros(1, 1);
        LinearWeights deep = zeros(inputs, 1);
        MoeWeights weights = Models.weights(new MoeShape(inputs, 1, 1, 1), ElementType.FLOAT64);
        List<ThrowingCallable> doors = List.of(
                () -> ShardedLinear.deploy(client, "deep", deep, 1),
                () -> ShardedExpert.deploy(client, "deep", new ExpertWeights(deep, narrow), 1),
                () -> TensorParallelMoe.builder(weights)
                        .ranks(1)
                        .exchange(Exchange.CONCAT)
                        .deploy(client, "deep"));
        assertThat(doors)
                .allSatisfy(door -> assertThatThrownBy(door)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("inputs of a rank's part of a weight: " + inputs + " (expected: at most "
                                + (inputs - 1) + ", so that a panel of 64 bytes an input fits into a tile)"));
        assertNothingIsLeft();
    }

    private static LinearWeights zeros(int inputs, int outputs) {
        return new LinearWeights(
                Matrix.zeros(ElementType.FLOAT64, inputs, outputs), Matrix.zeros(ElementType.FLOAT64, 1, outputs));
    }

    @Test
    void aSliceLargerThanATileIsSeveralTiles() {
        LinearWeights large = new LinearWeights(
                Models.rows(1100, 1000, ElementType.FLOAT64), Models.rows(1, 1000, ElementType.FLOAT64));
        Matrix x = Models.rows(2, 1100, ElementType.FLOAT64);
        try (ShardedLinear linear = ShardedLinear.deploy(client, "large", large, 1)) {
            assertThat(client.getMap(GridNames.SHARDS).size()).isEqualTo(21);
            assertThat(linear.forward(x)).isEqualTo(new Linear(large, KernelsChoice.best()).forward(x));
            linear.undeploy();
        }
    }

    private static void assertNothingIsLeft() {
        assertThat(client.getMap(GridNames.MODELS).size()).isZero();
        assertThat(client.getMap(GridNames.SHARDS).size()).isZero();
        // a tile that is collected while its model is removed is forgotten in the member's next round
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(Connection.of(client).status().members()).allMatch(member -> member.tiles() == 0));
    }

    @Test
    void weightsThatAreNotFiniteAreDeployedWithAWarningThatCountsThem() {
        Matrix weight = Matrix.of(2, 2, 1, Double.NaN, Double.POSITIVE_INFINITY, 4);
        LinearWeights broken = new LinearWeights(weight, Matrix.of(1, 2, 0, Double.NEGATIVE_INFINITY));
        try (LogLines log = LogLines.capture();
                ShardedLinear linear = ShardedLinear.deploy(client, "broken", broken, 1)) {
            linear.undeploy();
            assertThat(log.warningsWith(
                            "model 'broken', layer 0, expert 0, fc1, weight: 2 of 4 elements are NaN or infinite"))
                    .hasSize(1);
            assertThat(log.warningsWith(
                            "model 'broken', layer 0, expert 0, fc1, bias: 1 of 2 elements are NaN or infinite"))
                    .hasSize(1);
        }
    }

    @Test
    void aModelThatIsBeingRemovedIsNotAmongThoseThatAreNamedInstead() {
        try (ShardedLinear linear = ShardedLinear.deploy(
                client, "there", Models.weights(ElementType.FLOAT64).expert(0).fc1(), 1)) {
            ModelRecord there = (ModelRecord) client.getMap(GridNames.MODELS).get("there");
            client.getMap(GridNames.MODELS).set("going", there.removing());
            try {
                assertThatThrownBy(() -> ShardedLinear.connect(client, "going"))
                        .isInstanceOf(ModelNotFoundException.class)
                        .hasMessage("model 'going': not deployed (expected: one of [there])");
            } finally {
                client.getMap(GridNames.MODELS).delete("going");
            }
            linear.undeploy();
        }
    }
}
