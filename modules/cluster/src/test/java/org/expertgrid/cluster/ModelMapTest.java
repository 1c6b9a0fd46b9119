package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.spi.exception.TargetDisconnectedException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Test;

/** Writes of which a client does not hear whether they were done, because the member that did them is gone. */
class ModelMapTest {
    @Test
    void aDeploymentWhoseWritesAreNotHeardOfIsDoneOnceAndIsThere() {
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
            assertThat(member.getMap(ExpertgridConfig.MODELS).size()).isZero();
            assertThat(member.getMap(ExpertgridConfig.SHARDS).size()).isZero();
        }
    }

    /** Returns the same instance, whose map of models does these things, each once, and does not say so. */
    private static HazelcastInstance losingAnswers(HazelcastInstance real, List<String> unheard) {
        IMap<?, ?> models = fake(IMap.class, (proxy, method, arguments) -> {
            Object done = invoke(method, real.getMap(ExpertgridConfig.MODELS), arguments);
            if (unheard.remove(method.getName())) {
                throw new TargetDisconnectedException("the member that did it is gone");
            }
            return done;
        });
        return fake(HazelcastInstance.class, (proxy, method, arguments) -> {
            boolean ofModels = method.getName().equals("getMap") && arguments[0].equals(ExpertgridConfig.MODELS);
            return ofModels ? models : invoke(method, real, arguments);
        });
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Method method, Object real, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
