package org.expertgrid.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.expertgrid.cluster.errors.NotConfiguredException;
import org.expertgrid.cluster.grid.GridNames;
import org.expertgrid.cluster.local.EmbeddedCluster;
import org.expertgrid.cluster.options.Exchange;
import org.expertgrid.cluster.wire.RankStatus;
import org.expertgrid.cluster.wire.ReplyCodec;
import org.expertgrid.cluster.wire.TaskCodec;
import org.expertgrid.cluster.wire.Worker;
import org.expertgrid.cluster.wire.WorkerRequest;
import org.expertgrid.cluster.wire.WorkerTask;
import org.expertgrid.kernels.ElementType;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class MemberStartTest {
    private static final Matrix ROWS = Models.rows(5, ElementType.FLOAT64);

    @Test
    void theListenerIsNamedAsTheClassIs() {
        assertThat(GridNames.START_LISTENER).isEqualTo(MemberStart.class.getName());
    }

    @Test
    void aMemberHasItsWorkerWhenItHasStartedAndNoneWhenItHasEnded() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            HazelcastInstance member = cluster.member(0);
            Map<String, Object> context = member.getUserContext();
            assertThat(context).containsKey(Worker.KEY);
            member.shutdown();
            assertThat(context).doesNotContainKey(Worker.KEY);
        }
    }

    @Test
    void aTaskThatComesBeforeTheWorkerIsAnsweredBusy() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
            HazelcastInstance member = cluster.member(0);
            member.getUserContext().remove(Worker.KEY);
            WorkerTask task = new WorkerTask(
                    TaskCodec.encodeHead(new TaskCodec.Task(1, 1_000, new WorkerRequest.Describe())), new byte[0]);
            task.setHazelcastInstance(member);
            assertThat(ReplyCodec.decode(task.call().block()).reply().statuses())
                    .containsExactly(RankStatus.BUSY);
        }
    }

    @Test
    void aMemberThatIsConfiguredByTheFileAnswers() throws IOException {
        Config fromFile = Config.loadFromFile(
                Path.of("..", "..", "config", "hazelcast.yaml").toFile());
        assertAnswers(config -> {
            config.setListenerConfigs(fromFile.getListenerConfigs());
            return config;
        });
    }

    @Test
    void aMemberOfAnApplicationAnswers() {
        assertAnswers(config -> {
            Config theirs = new Config();
            theirs.setClusterName(config.getClusterName()).setNetworkConfig(config.getNetworkConfig());
            theirs.setProperty("hazelcast.socket.bind.any", "false");
            theirs.setProperty("hazelcast.phone.home.enabled", "false");
            return ExpertgridConfig.addTo(theirs);
        });
    }

    private static void assertAnswers(UnaryOperator<Config> configuration) {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(2, configuration);
                TensorParallelMoe moe = TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64))
                        .topK(Models.TOP_K)
                        .exchange(Exchange.CONCAT)
                        .deploy(cluster.member(1), "ranker")) {
            assertThat(moe.forward(ROWS))
                    .isEqualTo(Models.expected(Models.weights(ElementType.FLOAT64), Models.TOP_K, ROWS));
        }
    }

    @Test
    void aMemberWithoutTheListenerIsRefusedAndTheListenerIsNamed() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1, config -> {
            config.getListenerConfigs().clear();
            return config;
        })) {
            assertThatThrownBy(() -> TensorParallelMoe.connect(cluster.member(0), "ranker"))
                    .isInstanceOf(NotConfiguredException.class)
                    .hasMessageContaining("lacks listener " + GridNames.START_LISTENER);
        }
    }

    @Test
    void aForwardOnAThreadOfHazelcastsOperationsIsRefused() {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(1);
                TensorParallelMoe moe = TensorParallelMoe.builder(Models.weights(ElementType.FLOAT64))
                        .deploy(cluster.member(0), "ranker")) {
            CompletableFuture<Matrix> answer = new CompletableFuture<>();
            cluster.member(0).<Integer, Integer>getMap("orders").executeOnKey(1, entry -> {
                answer.completeAsync(() -> moe.forward(ROWS), Runnable::run);
                return null;
            });
            assertThatThrownBy(answer::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a thread that executes Hazelcast's operations");
        }
    }
}
