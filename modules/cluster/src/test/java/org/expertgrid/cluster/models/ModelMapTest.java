package org.expertgrid.cluster.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.spi.exception.TargetDisconnectedException;
import java.lang.reflect.InvocationHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.expertgrid.cluster.ExpertgridConfig;
import org.expertgrid.cluster.Models;
import org.expertgrid.cluster.StandIn;
import org.expertgrid.cluster.TensorParallelMoe;
import org.expertgrid.cluster.deploying.Rebalance;
import org.expertgrid.cluster.errors.ModelExistsException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.experts.weights.MoeWeights;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes of which a client does not hear whether they were done, because the member that did them is gone. */
@Tag("slow")
class ModelMapTest {
    @Test
    void aDeploymentWhoseWritesGetNoReplyIsDoneOnce() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            HazelcastInstance member = cluster.member(0);
            List<String> unheard = new ArrayList<>(List.of("putIfAbsent", "replace"));
            Matrix x = Models.rows(3, ElementType.FLOAT64);
            try (TensorParallelMoe moe = TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64))
                    .exchange(Exchange.CONCAT)
                    .deploy(losingAnswers(member, unheard), "ranker")) {
                assertThat(unheard).isEmpty();
                assertThat(moe.forward(x)).isEqualTo(Models.expected(Models.weights(ElementType.FLOAT64), 1, x));
                assertThatThrownBy(() -> TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64))
                                .deploy(losingAnswers(member, new ArrayList<>(List.of("putIfAbsent"))), "ranker"))
                        .isInstanceOf(ModelExistsException.class);
                TensorParallelMoe.undeploy(
                        losingAnswers(member, new ArrayList<>(List.of("replace", "remove"))), "ranker");
            }
            assertThat(member.getMap(GridNames.MODELS).size()).isZero();
            assertThat(member.getMap(GridNames.SHARDS).size()).isZero();
        }
    }

    @Test
    void aMoveThatDoesNotHearOfItsSwitchRemovesNothingThatAnswers() {
        UnaryOperator<Config> threePartitions = config -> config.setProperty("hazelcast.partition.count", "3")
                .setProperty(ExpertgridConfig.REBALANCE_SECONDS, "-1");
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1, threePartitions)) {
            HazelcastInstance member = cluster.member(0);
            MoeWeights weights = Models.weights(ElementType.FLOAT64);
            Matrix x = Models.rows(3, ElementType.FLOAT64);
            try (TensorParallelMoe moe = TensorParallelMoe.builder(weights)
                    .ranks(10)
                    .exchange(Exchange.CONCAT)
                    .deploy(member, "ranker")) {
                cluster.addMember();
                Awaitility.await().until(() -> member.getPartitionService().isClusterSafe());
                assertThatThrownBy(() -> new Rebalance(notHearingOfTheSwitch(member), "ranker").run(part -> {}))
                        .hasMessage("interrupted while it waited");
                ModelRecord record =
                        (ModelRecord) member.getMap(GridNames.MODELS).get("ranker");
                assertThat(record.retired()).hasSize(1);
                assertThat(new Removals(member).all()).isEmpty();
                assertThat(moe.forward(x)).isEqualTo(Models.expected(weights, 1, x));
            }
        }
    }

    /** Returns the same instance, whose map of models does the switch of a move and then fails for good. */
    private static HazelcastInstance notHearingOfTheSwitch(HazelcastInstance real) {
        return withModels(real, (proxy, method, arguments) -> {
            Object done = StandIn.ask(real.getMap(GridNames.MODELS), method, arguments);
            if (method.getName().equals("replace")
                    && arguments.length == 3
                    && !((ModelRecord) arguments[2]).retired().isEmpty()
                    && ((ModelRecord) arguments[1]).retired().isEmpty()
                    && Boolean.TRUE.equals(done)) {
                throw new HazelcastException("interrupted while it waited");
            }
            return done;
        });
    }

    /** Returns the same instance, whose map of models does these things, each once, and does not say so. */
    private static HazelcastInstance losingAnswers(HazelcastInstance real, List<String> unheard) {
        return withModels(real, (proxy, method, arguments) -> {
            Object done = StandIn.ask(real.getMap(GridNames.MODELS), method, arguments);
            if (unheard.remove(method.getName())) {
                throw new TargetDisconnectedException("the member that did it is gone");
            }
            return done;
        });
    }

    private static HazelcastInstance withModels(HazelcastInstance real, InvocationHandler handler) {
        IMap<?, ?> models = StandIn.of(IMap.class, handler);
        return StandIn.of(HazelcastInstance.class, (proxy, method, arguments) -> {
            boolean ofModels = method.getName().equals("getMap") && arguments[0].equals(GridNames.MODELS);
            return ofModels ? models : StandIn.ask(real, method, arguments);
        });
    }
}
